"""The store: the PostgreSQL that we start, or one that is given, and the ways to it."""
