"""What is known beforehand of a measured quantity's norm: that the day swings it, that it follows its machine's load."""

from collections.abc import Sequence
from math import pi

import numpy as np
from numpy.typing import NDArray

from mom.facts import RunSpan
from mom.history.readings import micros
from mom.history.values import MINUTE, Means
from mom.losses.influences import Floats, Influences
from mom.losses.norm import SLOT, Course, Pace, walked

DAY, HALF_HOUR = 24 * 60 * MINUTE, 30 * MINUTE
WARM = 0.7
"""Of a load of a quarter of an hour: before, a machine is not yet what it is when it has run for a while."""
ONLY_RISES = 0.97
"""What rises in so many of its steps is a total, and no quantity that has a norm."""
SWING = 2.5
"""By so many spreads of single readings a day may swing a quantity, before its own days were seen."""
DIFFERS = 1.0
"""By so many spreads of single readings products differ, before one is seen that differs by more."""
ENERGY_LEARN, ENERGY_SPREAD, MOSTLY = 14, 0.04, 0.5
"""Half hours from which the norm of energy is learned; the share of it that counts as a spread; and what share of them
the machines have to run: a line that stands draws what it draws."""


def course_of(means: Means, runs: Sequence[RunSpan] = ()) -> Course:
    """Of what was measured while the machine ran. `runs`: of its line, in order of time: each product has a norm of its
    own."""
    ran = (means.running_n >= 2) & (means.loads[:, 2] >= WARM)
    at, values = means.at[ran], means.running_mean[ran]
    if len(at) > 1 and float((np.diff(values) >= 0).mean()) > ONLY_RISES:
        return Course(at, np.zeros(len(at)), ())
    single = float(np.median(means.running_spread[ran])) if len(at) else 0.0
    level = abs(float(np.median(values))) if len(at) else 0.0
    prior = np.array([SWING * single] * 2 + [np.inf] + [level + SWING * single] * 3)
    design = np.column_stack((_day(at), np.ones(len(at)), means.loads[ran] - 1))
    known = Influences(design, prior, _products(at, runs), DIFFERS * max(single, 1e-9 * (1 + level)))
    return walked(at, values, known, max(single, 1e-9 * (1 + level)))


def energy_course(energy: Means, shares: Sequence[Means], runs: Sequence[RunSpan] = ()) -> Course:
    """Of what a line draws in half an hour in which it mostly worked, by how long each of its machines ran (`shares`) and
    which product was on."""
    used = np.diff(energy.last)
    whole = (np.diff(energy.at) == SLOT) & (used >= 0)
    at, used = energy.at[1:][whole], used[whole]
    columns: Floats = np.column_stack([_share_at(at, one) for one in shares]) if shares else np.ones((len(at), 1))
    halves, place = np.unique(at // HALF_HOUR, return_inverse=True)
    n = np.bincount(place, minlength=len(halves))
    columns = np.column_stack([np.bincount(place, column, len(halves)) / n for column in columns.T])
    works = (n == HALF_HOUR // SLOT) & (columns.mean(axis=1) >= MOSTLY)
    used = np.asarray(np.bincount(place, used, len(halves)), np.float64)[works]
    columns = columns[works]
    level = float(np.median(used)) if len(used) else 0.0
    design = np.column_stack((_day(halves[works] * HALF_HOUR), np.ones(len(used)), columns - 1))
    prior = np.array([0.02 * level] * 2 + [np.inf] + [level] * columns.shape[1])
    pace = Pace(HALF_HOUR, ENERGY_LEARN, ENERGY_LEARN // 2)
    at = halves[works] * HALF_HOUR
    known = Influences(design, prior, _products(at, runs), max(ENERGY_SPREAD * level, 1e-9))
    return walked(at, used, known, max(ENERGY_SPREAD * level, 1e-9), pace)


def _products(at: NDArray[np.int64], runs: Sequence[RunSpan]) -> NDArray[np.int64]:
    """A number for the product at each moment, -1 before the first run."""
    numbers: dict[str, int] = {}
    codes = np.array([-1] + [numbers.setdefault(run.product or "", len(numbers)) for run in runs], np.int64)
    starts = np.array([micros(run.start) for run in runs], np.int64)
    found: NDArray[np.int64] = codes[np.searchsorted(starts, at, side="right")]
    return found


def _share_at(at: NDArray[np.int64], means: Means) -> Floats:
    place = np.minimum(np.searchsorted(means.at, at), max(0, len(means.at) - 1))
    share: Floats = (
        np.where(means.at[place] == at, means.share[place], np.nan) if len(means.at) else np.full(len(at), 0.0)
    )
    return np.nan_to_num(share)


def _day(at: NDArray[np.int64]) -> Floats:
    turn = 2 * pi * (at % DAY) / DAY
    return np.column_stack((np.sin(turn), np.cos(turn)))
