"""Charts that remember: EWMA and CUSUM find a small lasting shift long before a single point is beyond its limits."""

from collections.abc import Collection, Sequence
from math import sqrt

from mom.quality.chart import Basis, Family, Panel, Point, Sample
from mom.quality.spread import deviation, mean
from mom.quality.variables import INDIVIDUALS, c4

WEIGHT, REACH = 0.2, 2.962
"""EWMA: the newest value's weight, limits in sigmas of the average: a false alarm every 500 points (Lucas & Saccucci, 1990)."""
SLACK, DECISION = 0.5, 4.77
"""CUSUM in sigmas: a shift of one sigma is looked for; a false alarm every 370 points (Hawkins & Olwell, 1998)."""
ONE = (1,)


def _learn(samples: Sequence[Sample]) -> tuple[float, float]:
    if all(len(s.values) == 1 for s in samples):
        return INDIVIDUALS.learn(samples)
    groups = [s.values for s in samples]
    return mean([v for g in groups for v in g]), mean([deviation(g) / c4(len(g)) for g in groups if len(g) > 1])


def _ewma(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
    """Limits as wide as the average varies at that point; `on` says nothing here: the chart has its limits alone."""
    level, variance, points = basis.centre, 0.0, []
    for sample in samples:
        level += WEIGHT * (mean(sample.values) - level)
        variance = (1 - WEIGHT) ** 2 * variance + WEIGHT**2 * basis.sigma**2 / len(sample.values)
        reach = REACH * sqrt(variance)
        low, high = basis.centre - reach, basis.centre + reach
        points.append(Point(level, basis.centre, low, high, () if low <= level <= high else ONE))
    return (Panel("weighted average", tuple(points)),)


def _cusum(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
    """Two sums, in sigmas: what lies above the centre, and (drawn below zero) what lies below it."""
    above = below = 0.0
    ups, downs = [], []
    for sample in samples:
        z = (mean(sample.values) - basis.centre) / (basis.sigma / sqrt(len(sample.values)))
        above, below = max(0.0, above + z - SLACK), min(0.0, below + z + SLACK)
        ups.append(Point(above, 0.0, None, DECISION, ONE if above > DECISION else ()))
        downs.append(Point(below, 0.0, -DECISION, None, ONE if below < -DECISION else ()))
    return Panel("sum above the centre, in sigmas", tuple(ups)), Panel("sum below the centre, in sigmas", tuple(downs))


EWMA = Family(_learn, _ewma)
CUSUM = Family(_learn, _cusum)
