"""The doors: every way in from outside, by HTTP or by command."""
