"""Documents and past cases, found by meaning and by words."""
