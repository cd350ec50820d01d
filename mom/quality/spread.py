"""How much values vary: over all, and within groups that were made under the same conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, sqrt

import numpy as np
from numpy.typing import ArrayLike

from mom.errors import BadInput

MOVING_RANGE = 1.128
"""d2 of two: the mean range of two values of a normal process, in sigmas."""
RANGE_FREEDOM = 0.62
"""Degrees of freedom that n - 1 moving ranges of two carry, each: they overlap. Palm & Wheeler (1990)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard deviation, how many values it is of, and the degrees of freedom that it carries."""

    sigma: float
    n: int
    freedom: float


def overall(values: ArrayLike) -> Spread:
    """The sample standard deviation of all values (n - 1)."""
    data = np.asarray(values, float)
    return Spread(deviation(data.tolist()), len(data), len(data) - 1)


def within(values: ArrayLike, groups: Sequence[int] | None = None) -> Spread:
    """Spread without what changes between groups: pooled s of the groups, or the mean moving range / 1.128.

    `groups`: sizes in order; groups of one carry nothing. Raises BadInput when they do not add up.
    """
    data = np.asarray(values, float)
    if groups is None or max(groups, default=1) < 2:
        ranges = np.abs(np.diff(data))
        return Spread(float(ranges.mean()) / MOVING_RANGE, len(data), RANGE_FREEDOM * (len(data) - 1))
    if sum(groups) != len(data) or min(groups) < 1:
        raise BadInput(f"The groups hold {sum(groups)} values, but there are {len(data)}.")
    parts = [part.tolist() for part in np.split(data, np.cumsum(groups)[:-1]) if len(part) > 1]
    freedom = sum(len(part) - 1 for part in parts)
    squares = fsum((len(part) - 1) * deviation(part) ** 2 for part in parts)
    return Spread(sqrt(squares / freedom), len(data), freedom)


def mean(values: Sequence[float]) -> float:
    """The mean, summed without rounding on the way."""
    return fsum(values) / len(values)


def deviation(values: Sequence[float]) -> float:
    """The sample standard deviation: two passes, summed without rounding on the way."""
    rest = _about_mean(values)
    correction = fsum(rest) ** 2 / len(rest)
    return sqrt(max(fsum(r * r for r in rest) - correction, 0.0) / (len(rest) - 1))


def autocorrelation(values: Sequence[float]) -> float:
    """Of neighbours (lag 1): near 0 where values follow each other by chance. A chart's limits assume that they do."""
    rest = _about_mean(values)
    return fsum(a * b for a, b in pairwise(rest)) / fsum(r * r for r in rest)


def _about_mean(values: Sequence[float]) -> list[float]:
    """Each value less the mean: shifted to the first value before, so that large values lose no digits."""
    first = values[0]
    moved = [value - first for value in values]
    middle = mean(moved)
    return [value - middle for value in moved]
