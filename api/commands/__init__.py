"""A command is a file here: its first line says what it does, `arguments` what it takes, `run` does it."""
