"""Whether groups differ by more than chance: products, lots, crews, shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from mom.quality.spread import mean


@dataclass(frozen=True, slots=True)
class OneWay:
    """Analysis of variance with one factor. `p`: probability of such an F by chance; `within`: residual deviation.

    `share`: part of the variation that the groups account for, less what chance would give (omega squared, 0 to 1).
    """

    f: float
    p: float
    within: float
    share: float


def one_way(groups: Sequence[Sequence[float]]) -> OneWay:
    """At least two groups, one of them with at least two values. scipy.stats.f_oneway, and what it does not tell."""
    from scipy.stats import f_oneway

    found = f_oneway(*groups)
    first = groups[0][0]
    moved = [[value - first for value in group] for group in groups]
    squares = fsum((value - middle) ** 2 for group in moved for middle in [mean(group)] for value in group)
    number, k = sum(map(len, groups)), len(groups)
    within, f = squares / (number - k), float(found.statistic)
    share = (k - 1) * (f - 1) / ((k - 1) * (f - 1) + number) if f > 1 else 0.0
    return OneWay(f, float(found.pvalue), sqrt(within), share)
