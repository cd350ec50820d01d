"""A file here is a noun that can be asked for."""
