"""What a machine's normal cycles look like, learned from normal recordings, and what was not so before an alarm."""
