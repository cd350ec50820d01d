"""Is it right? Scores of answers, losses and causes: `suites/` has a file per suite, the rest is what they score with."""
