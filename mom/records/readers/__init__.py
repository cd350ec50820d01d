"""A file here is a form of file that records come in."""
