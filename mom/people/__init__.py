"""People, fairly: groups against standard time, adjusted for what they were given; who may see whom is the plant's word."""
