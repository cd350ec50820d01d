"""Quantities that only grow, by time: working time, pieces, seconds run. Straight lines between points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mom.facts import CountSpan, Window

Floats = NDArray[np.float64]
TINY = 1e-7
"""What keeps a curve rising where it is level, so that it can be read backwards: pieces or seconds."""


@dataclass(frozen=True)
class Curve:
    """`y` at `x`, both ascending; level before the first point and after the last."""

    x: Floats
    y: Floats

    def at(self, x: Floats) -> Floats:
        return np.asarray(np.interp(x, self.x, self.y))

    def reached(self, y: Floats) -> Floats:
        """Where it comes to `y`: the end of a level stretch at it. The first point's x before, infinity after its last y."""
        rising = self.y + TINY * np.arange(len(self.y))
        found = np.interp(y, rising, self.x)
        return np.asarray(np.where(y > self.y[-1] + 1e-6, np.inf, found))

    @property
    def whole(self) -> float:
        return float(self.y[-1] - self.y[0])


def steps(at: Floats, amounts: Floats) -> Curve:
    """A curve that is `at` these points the sum of the amounts before."""
    return Curve(at, np.concatenate(([0.0], np.cumsum(amounts))))


def seconds_in(windows: Iterable[tuple[float, float]]) -> Curve:
    """How much of the time up to x lies in the windows; they may touch or overlap."""
    x: list[float] = []
    y: list[float] = []
    total = 0.0
    for start, end in sorted(windows):
        start = max(start, x[-1]) if x else start
        if end <= start:
            continue
        x += [start, end]
        y += [total, total + end - start]
        total += end - start
    return Curve(np.array(x), np.array(y)) if x else Curve(np.array([0.0]), np.array([0.0]))


class WorkClock:
    """Working seconds: what of the time up to a moment lies in planned time."""

    def __init__(self, planned: Sequence[Window]) -> None:
        self.curve = seconds_in((w.start.timestamp(), w.end.timestamp()) for w in planned)

    def at(self, moment: datetime) -> float:
        return float(np.interp(moment.timestamp(), self.curve.x, self.curve.y))

    def span(self, start: datetime, end: datetime) -> tuple[float, float]:
        return self.at(start), self.at(end)

    def moment(self, second: float) -> float:
        """The moment (seconds since 1970) at which so much work time has passed."""
        return float(self.curve.reached(np.array([second]))[0])

    @property
    def whole(self) -> float:
        return self.curve.whole


def pieces_by(counts: Sequence[CountSpan], clock: WorkClock, run: Curve, amounts: Sequence[float]) -> Curve:
    """Pieces of a machine by working second: within a count they came as the machine ran, not while it stood."""
    order = sorted(range(len(counts)), key=lambda i: counts[i].start)
    starts = np.array([clock.at(counts[i].start) for i in order])
    ends = np.maximum(np.array([clock.at(counts[i].end) for i in order]), starts)
    made = np.array([amounts[i] for i in order], dtype=float)
    if not len(order):
        return Curve(np.array([0.0]), np.array([0.0]))
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    total = np.cumsum(made)
    edges = np.unique(np.concatenate((starts, ends, run.x[(run.x > starts[0]) & (run.x < ends[-1])])))
    index = np.clip(np.searchsorted(starts, edges, side="right") - 1, 0, None)
    ran, first, last = run.at(edges), run.at(starts)[index], run.at(ends)[index]
    width, long = last - first, ends[index] - starts[index]
    by_run = np.divide(ran - first, width, out=np.zeros_like(ran), where=width > 1e-6)
    by_time = np.divide(edges - starts[index], long, out=np.ones_like(ran), where=long > 1e-6)
    share = np.clip(np.where(width > 1e-6, by_run, by_time), 0.0, 1.0)
    share[edges >= ends[index]] = 1.0
    return Curve(edges, total[index] - made[index] * (1.0 - share))
