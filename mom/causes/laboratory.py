"""Whether the laboratory saw what a machine's own sensor says it saw."""

from collections.abc import Sequence
from statistics import mean, pvariance

from mom.causes.cause import CauseFacts, Inspection
from mom.causes.words import about

LEAST = 8
"""Samples before and during, without which nothing is said."""
SURE = 4.0
"""A difference of means of so many standard errors."""
MATTERS = 0.05
"""Of the tolerance: less is no move."""


def laboratory_moved(facts: CauseFacts, quantity: str) -> tuple[bool, tuple[Inspection, ...]] | None:
    """(whether what the machine's samples say of a quantity moved in the time of the loss, the samples of that time).

    Values are compared as places within their limits, so that products mix. None: too few samples.
    """
    every = {inspection.characteristic for inspection in facts.inspections}
    names = sorted(name for name in every if about(name, quantity))
    during_all: list[Inspection] = []
    verdicts: list[bool] = []
    for name in names:
        placed = [(i, p) for i in facts.inspections if i.characteristic == name and (p := _place(i)) is not None]
        during = [(i, p) for i, p in placed if facts.start <= i.at < facts.end]
        other = [p for i, p in placed if not facts.start <= i.at < facts.end]
        if len(during) >= LEAST and len(other) >= LEAST:
            during_all.extend(i for i, _ in during)
            verdicts.append(_differ([p for _, p in during], other))
    return (any(verdicts), tuple(during_all)) if verdicts else None


def _place(inspection: Inspection) -> float | None:
    """Where the value lies between its limits: 0 at the low, 1 at the high one."""
    low, high, value = inspection.low, inspection.high, inspection.value
    if low is None or high is None or value is None or high <= low:
        return None
    return (value - low) / (high - low)


def _differ(during: Sequence[float], other: Sequence[float]) -> bool:
    error = (pvariance(during) / len(during) + pvariance(other) / len(other)) ** 0.5
    difference = abs(mean(during) - mean(other))
    return difference >= MATTERS and difference >= SURE * max(error, 1e-12)
