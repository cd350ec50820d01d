"""Orders on lines: the problem, its solution, its score, and what to do when something breaks."""
