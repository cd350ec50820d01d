"""A line replayed from what was observed of it, and once more without a trouble."""
