"""Rules that a person can read, learned from labelled rows: a few conditions on measured and derived quantities."""
