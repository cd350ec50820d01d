"""How a probability is said; the figure stands beside the words."""

STEPS = ((0.7, "more likely than not"), (0.85, "probably"), (0.95, "very probably"))


def likely(probability: float) -> str:
    """`probably`. For a probability that is enough for an answer."""
    return next((word for limit, word in STEPS if probability < limit), "almost certainly")
