"""Runs of a recorded machine: read, ranked, and ranked again without each decision."""
