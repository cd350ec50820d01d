"""Are losses found: each trouble once, at once, and nothing that was not there."""
