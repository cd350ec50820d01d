"""A controller that was replaced shows another one's count: it is not taken for pieces made here."""

import numpy as np

from mom.history.counters import Counter, increments
from mom.history.values import MINUTE, Values


def made(before: float, after: float, minutes: int, rate: float | None = 235.0) -> tuple[float, str]:
    at = np.array([0, minutes * MINUTE], dtype=np.int64)
    values = Values(at, np.array([before, after]), np.ones(2, dtype=np.bool_))
    pieces, events = increments(values, Counter(1, "uint32", rate=rate))
    return float(pieces.pieces.sum()), events[0].kind


def test_a_reset_counts_what_can_have_been_made_since():
    assert made(50_000, 40, 1) == (40, "reset")
    assert made(50_000, 8_900, 38) == (8_900, "reset")


def test_what_no_machine_makes_in_the_time_is_not_counted():
    assert made(200_000, 29_941, 38) == (0, "reset")
