"""Questions in the plant's words: cases as data, and evaluators named for the harm that they catch."""
