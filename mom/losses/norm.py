"""When a measured quantity left its norm, and when it came back: a sequential test on what its past, the time of day and
the load do not explain.

The norm is learned from the quantity's own past while it was in order: a level, the swing of the day, and what follows
the machine's load with a lag (of energy: what each machine draws). What is left is summed up (Page's CUSUM, both ways)
in units of its own spread. `ALLOWED` spreads of a mean of five minutes are never summed, `SURE` are an alarm: of
independent means about one in 10^8 is a false alarm (Siegmund's approximation of the time between them,
(exp(2k(h + 1.166)) - 1 - 2k(h + 1.166)) / 2k²); what real means have in common over hours is measured on the past and
widens the spread.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mom.history.values import MINUTE
from mom.losses.influences import Floats, Influences

ALLOWED, SURE = 1.0, 9.0
LEAST_SPREADS = 2.0
"""Of the single readings: a smaller move matters to nobody."""
LEARN = 72
"""Means from which the first norm is learned: six hours of running."""
AGAIN = 24
"""After so many more it is learned anew, from what was in order."""
MOST = 1440
"""Learned from at most so many: five days of running."""
SLOT = 5 * MINUTE
TOGETHER = 4.0
"""So many means in a row are taken to tell as much as one that is independent."""
BACK = 1.5
"""It is back when this many means in a row lie so near the norm (spreads of a mean)."""
CALM = 4
NEAR = 3
"""Means between the first of a product and the beginning of a move that came with it."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Times in microseconds since 1970. `size`: how far off it was in its upper quarter, in spreads of a mean; signed.

    `rises`: it went away step by step; else it jumped. `told`: the end of the mean with which it was sure.
    """

    start: int
    told: int
    end: int | None
    norm: float
    level: float
    size: float
    rises: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How a quantity went: `at` of each mean, how far off its norm it was then (`z`, in spreads of such a mean).

    In the quantity's own unit: how far it was `off`, the spread of a mean (`chance`), and how unsure the norm itself was
    (`doubt`, one standard deviation, which neighbouring means share)."""

    at: NDArray[np.int64]
    z: Floats
    departures: tuple[Departure, ...]
    off: Floats = field(default_factory=lambda: np.empty(0))
    chance: Floats = field(default_factory=lambda: np.empty(0))
    doubt: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a mean is, in microseconds; from how many the norm is learned first, and after how many anew."""

    step: int
    learn: int
    again: int


@dataclass(slots=True)
class _Norm:
    """What was learned: coefficients, how sure they are, the spread of a mean around them."""

    weights: Floats
    covered: Floats  # their covariance
    spread: float

    def off(self, values: Floats, design: Floats) -> tuple[Floats, Floats]:
        """How far off means lie, and how unsure the norm is there."""
        doubt: Floats = np.sqrt(((design @ self.covered) * design).sum(axis=1))
        return values - design @ self.weights, doubt


def walked(at: NDArray[np.int64], values: Floats, known: Influences, single: float, pace: Pace | None = None) -> Course:
    """The course of `values` at `at`. `single`: the spread of a single reading."""
    pace = pace or Pace(SLOT, LEARN, AGAIN)
    if len(at) < pace.learn + CALM:
        return Course(at, np.zeros(len(at)), ())
    walk = _Walk(at, values, known, single, pace)
    found = tuple(walk.found())
    return Course(at, walk.z, found, walk.off, walk.chance, walk.doubt)


class _Walk:
    """From mean to mean, knowing at each only what was told before it."""

    def __init__(self, at: NDArray[np.int64], values: Floats, known: Influences, single: float, pace: Pace) -> None:
        self.at, self.values, self.single, self.pace = at, values, single, pace
        self.known, self.own = known, set[int]()  # products that were seen to differ
        self.in_order = np.ones(len(at), np.bool_)
        self.z, self.off, self.chance, self.doubt = (np.zeros(len(at)) for _ in range(4))
        self._learn(pace.learn)
        self._begin(pace.learn)

    def found(self) -> Iterator[Departure]:
        place = self.pace.learn
        while place < len(self.at):
            due = place - self.learned >= self.pace.again or self.known.changes(place)
            if due and max(self.sums) < SURE / 3:
                self._learn(place)
            sign = self._sum(place)
            if sign and self._is_product(place, sign):
                self._learn(place + 1)
                self._begin(place + 1)
            elif sign and self._matters(place, sign):
                start = self.began[sign]
                end = self._back(place, sign)
                self.in_order[start : end or len(self.at)] = False
                yield self._departure(start, place, end, sign)
                place = len(self.at) if end is None else end
                self._begin(place)
            place += 1

    def _begin(self, place: int) -> None:
        self.sums = [0.0, 0.0]  # upwards, downwards
        self.began = {1: place, -1: place}

    def _learn(self, upto: int) -> None:
        keep = np.flatnonzero(self.in_order[:upto])[-MOST:]
        self.design, prior = self.known.at(upto, self.own)
        self.norm = _learned(self.values[keep], self.design[keep], prior, self.single)
        self.learned = upto
        self.off[upto:], self.doubt[upto:] = self.norm.off(self.values[upto:], self.design[upto:])
        self.chance[upto:] = self.norm.spread
        self.z[upto:] = np.clip(self.off[upto:] / np.hypot(self.chance[upto:], self.doubt[upto:]), -12.0, 12.0)

    def _sum(self, place: int) -> int:
        """1 or -1 when it is sure that the quantity is off upwards or downwards."""
        z = float(self.z[place])
        for index, sign in enumerate((1, -1)):
            self.sums[index] = max(0.0, self.sums[index] + sign * z - ALLOWED)
            if self.sums[index] == 0.0:
                self.began[sign] = place + 1
        return 1 if self.sums[0] >= SURE else -1 if self.sums[1] >= SURE else 0

    def _is_product(self, place: int, sign: int) -> bool:
        """Whether it went off at once as a product came on that was never seen before: nobody knows what is normal with
        it. From then on its norm is its own, however far off the others'."""
        mine = int(self.known.product[place]) if self.known.several else -1
        if mine < 0 or mine in self.own:
            return False
        since = int(np.flatnonzero(self.known.product[: place + 1] == mine)[0])
        with_it = sign * self.z[since : place + 1]
        at_once = float(with_it[:CALM].mean()) >= 0.5 * float(with_it[-CALM:].mean())
        before = float((sign * self.z[self.began[sign] : since] - ALLOWED).sum())
        if self.began[sign] > since + NEAR or before >= SURE / 3 or not at_once:
            return False
        if float((with_it - ALLOWED).sum()) < SURE / 2:
            return False
        self.own.add(mine)
        return True

    def _matters(self, place: int, sign: int) -> bool:
        few = slice(max(self.began[sign], place - 2), place + 1)
        left = self.values[few] - self.design[few] @ self.norm.weights
        return sign * float(np.mean(left)) >= LEAST_SPREADS * self.single

    def _back(self, place: int, sign: int) -> int | None:
        """The first of the means that lie near the norm again; None: it is still off."""
        calm = 0
        for later in range(place + 1, len(self.at)):
            calm = calm + 1 if sign * self.z[later] < BACK else 0
            if calm >= CALM:
                return later - CALM + 1
        return None

    def _departure(self, start: int, told: int, end: int | None, sign: int) -> Departure:
        base = self.design[start:end] @ self.norm.weights
        left = self.values[start:end] - base
        off = sign * float(np.quantile(sign * left, 0.75))
        norm = float(np.median(base))
        over = None if end is None else int(self.at[end - 1]) + self.pace.step
        away = np.flatnonzero(sign * left > 0.5 * off * sign)  # the way back tells nothing of how it came about
        rises = _rises(left[: int(away[-1]) + 1] if len(away) else left, self.norm.spread)
        return Departure(
            int(self.at[start]), int(self.at[told]) + self.pace.step, over, norm, norm + off, off / self.single, rises
        )


def _rises(left: Floats, spread: float) -> bool:
    """Whether a straight line explains the way off better than one level does."""
    if len(left) < 6:
        return abs(float(left[-1])) > abs(float(left[0])) + 2 * spread
    place = np.arange(len(left), dtype=np.float64)
    slope, level = np.polyfit(place, left, 1)
    line, flat = left - (slope * place + level), left[1:] - np.median(left)
    return bool(
        abs(slope) * len(left) > 0.5 * abs(float(np.median(left))) and float(line @ line) < 0.6 * float(flat @ flat)
    )


def _learned(values: Floats, design: Floats, prior: Floats, single: float) -> _Norm:
    """Bayesian least squares with rounds in which what lies far off is left out. `prior`: how large each coefficient may
    be as far as is known beforehand; until the data have told more, the norm is as unsure of it as it should be."""
    keep = np.ones(len(values), np.bool_)
    spread = single
    before = np.diag(1 / prior**2)
    for _ in range(4):
        part, told = design[keep], values[keep]
        covered: Floats = np.asarray(np.linalg.inv(part.T @ part / (TOGETHER * spread**2) + before), np.float64)
        weights: Floats = covered @ (part.T @ told) / (TOGETHER * spread**2)
        left = values - design @ weights
        spread = max(1.4826 * float(np.median(np.abs(left[keep]))), 0.1 * single)
        keep = np.abs(left) <= 4 * spread
    spread = max(float(np.hypot(spread, _slow(left[keep]))), 0.15 * single)
    return _Norm(weights, covered, spread)


def _slow(left: Floats) -> float:
    """What hours of means have in common beyond what chance leaves of them."""
    blocks = left[: len(left) // 12 * 12].reshape(-1, 12)
    if len(blocks) < 4:
        return 0.0
    beyond = float(np.var(blocks.mean(axis=1))) - float(np.mean(np.var(blocks, axis=1))) / 12
    return float(np.sqrt(max(0.0, beyond)))
