"""Is a difference more than the ordinary ups and downs from shift to shift?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean

LEAST = 3
"""Shifts of a side below which nothing can be said from them alone."""
USUAL = 5
"""So many shifts of the other side tell the usual spread, where a side has fewer than LEAST."""
SURE = 0.95
STEP = 0.8
"""From this share of the variation on, one step is what happened."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The difference of two means of shifts, with its interval. `noise`: zero lies in it. None: too few shifts to say."""

    difference: float
    low: float | None
    high: float | None
    shifts: tuple[int, int]
    noise: bool | None


def spread(before: Sequence[float], after: Sequence[float], sure: float = SURE) -> Spread:
    """`before`, `after`: one figure a shift (pieces an hour, OEE), in order of time.

    Welch's t with the variance of a mean widened for what neighbouring shifts share (lag-one autocorrelation, never
    narrowed): a machine that is ill in the early shift is ill in the late one too.
    """
    from scipy import stats  # 1 s

    counts = len(before), len(after)
    if min(counts) < 1:
        return Spread(0.0, None, None, counts, None)
    difference = fmean(after) - fmean(before)
    if min(counts) < LEAST and max(counts) < USUAL:
        return Spread(difference, None, None, counts, None)
    error, freedom = _error(before, after) if min(counts) >= LEAST else _error_of_few(before, after)
    if error == 0:
        return Spread(difference, difference, difference, counts, abs(difference) < 1e-12)
    reach = float(stats.t.ppf((1 + sure) / 2, max(freedom, 1.0))) * error
    return Spread(difference, difference - reach, difference + reach, counts, abs(difference) <= reach)


def _error(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """(standard error of the difference of the means, degrees of freedom), each side with its own spread."""
    (var_a, n_a), (var_b, n_b) = _variance_of_mean(before), _variance_of_mean(after)
    if var_a + var_b == 0:
        return 0.0, 1.0
    return sqrt(var_a + var_b), (var_a + var_b) ** 2 / (var_a**2 / (n_a - 1) + var_b**2 / (n_b - 1))


def _error_of_few(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """The same where one side is a shift or two: they go up and down as the many of the other side do."""
    few, many = sorted((len(before), len(after)))
    variance, effective = _variance_of_mean(before if len(before) == many else after)
    return sqrt(variance + variance * effective / few), effective - 1


def _variance_of_mean(values: Sequence[float]) -> tuple[float, float]:
    """(variance of the mean, effective number of values)."""
    n, around = len(values), _around(values)
    square = sum(x * x for x in around)
    lag = sum(x * y for x, y in pairwise(around)) / square if square else 0.0
    lag = min(max(lag + 1 / n, 0.0), 0.9)  # the estimate is low by about 1/n
    effective = max(n * (1 - lag) / (1 + lag), 2.0)
    return square / (n - 1) / effective, effective


def _around(values: Sequence[float]) -> list[float]:
    """What is left of the values without their mean; where one step explains nearly all of it, without the two means: something
    broke or was mended then, which is no up and down by chance."""
    around = [value - fmean(values) for value in values]
    square = sum(x * x for x in around)
    stepped = [_without_step(values, at) for at in range(LEAST, len(values) - LEAST + 1)]
    best = min(stepped, key=lambda rest: sum(x * x for x in rest), default=around)
    return best if sum(x * x for x in best) < (1 - STEP) * square else around


def _without_step(values: Sequence[float], at: int) -> list[float]:
    return [value - fmean(side) for side in (values[:at], values[at:]) for value in side]
