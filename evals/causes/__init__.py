"""Are causes right: what is explained of known troubles, and what signs are worth by it."""
