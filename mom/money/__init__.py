"""What a loss cost: the line replayed without it, and how far that may be off."""
