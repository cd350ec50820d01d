"""Who may come in: users, their passwords, sessions, links and keys."""
