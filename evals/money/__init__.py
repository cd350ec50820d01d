"""Are costs right: stated money against true, and the bands of the intervals that are stated."""
