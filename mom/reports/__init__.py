"""A report is a leaf here: when it is due, what it looks at, what it says."""
