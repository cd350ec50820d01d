"""The suites of `./lineside eval`: one file each, found by being there."""
