"""A loss over time, in spans of equal length: how much of it there was, for how much that it could have been in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mom.causes.alike import stops_like
from mom.facts import CountSpan, Facts, StopSpan
from mom.history.classes import TimeClass, classify
from mom.kpis.elements import ideal_seconds
from mom.losses.set_up import change_overs, planned_seconds, products_around, standard_seconds

SHORT = timedelta(days=5)
"""A window up to so long is looked at in spans of FINE seconds, a longer one in spans of COARSE."""
ORDINARY, KNOWN = 0.15, 6
"""By how much of its standard a change-over mostly differs; worth so many that were seen."""
FINE, COARSE = 300.0, 3600.0

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Course:
    """`exposure`: hours run, or pieces made, by span; `amount`: stops, pieces or lost hours of the loss in it.

    Of change-overs each is a span of its own: its standard hours, and the hours it took.
    """

    times: Numbers  # the middle of each span, epoch seconds
    step: float  # seconds of a span
    exposure: Numbers
    amount: Numbers
    dispersion: float = 1.0  # how much more the amounts scatter than single events would

    @property
    def start(self) -> float:
        return float(self.times[0] - self.step / 2)

    def between(self, start: datetime, end: datetime) -> Flags:
        """Which spans lie (with their middle) in [start, end)."""
        return (self.times >= start.timestamp()) & (self.times < end.timestamp())

    def during(self, spans: Iterable[tuple[datetime, datetime]]) -> Flags:
        """Which spans lie in any of these."""
        found = np.zeros(len(self.amount), bool)
        for start, end in spans:
            found |= self.between(start, end)
        return found


def course_of(machine: Facts, kind: str, reason: str) -> Course | None:
    """The course of a loss of this kind and reason at its machine over the facts' window; None: it is no matter of a rate."""
    start, end = machine.window.start.timestamp(), machine.window.end.timestamp()
    step = FINE if machine.window.seconds <= SHORT.total_seconds() else COARSE
    size = max(1, int(np.ceil((end - start) / step)))
    grid = Course(start + step * (np.arange(size, dtype=np.float64) + 0.5), step, np.zeros(size), np.zeros(size))
    if kind == "scrap":
        return _scattered(_scrap(grid, machine.counts, reason))
    if kind == "reduced_speed":
        return _scattered(_slow(grid, machine))
    if kind == "set_up":
        return _changed_over(machine)
    if kind in ("minor_stops", "breakdown", "unclassified"):
        return _scattered(_stopped(grid, machine, stops_like(machine, reason)))
    return None


def running(grid: Course, machine: Facts) -> Numbers:
    """Hours of production by span."""
    hours = np.zeros(len(grid.amount))
    for piece in classify(machine):
        if piece.kind == TimeClass.production:
            _spread(grid, hours, piece.start / 1e6, piece.end / 1e6, (piece.end - piece.start) / 3.6e9)
    return hours


def _stopped(grid: Course, machine: Facts, stops: list[StopSpan]) -> Course:
    hours, count = running(grid, machine), np.zeros(len(grid.amount))
    for stop in stops:
        place = int((stop.start.timestamp() - grid.start) // grid.step)
        if 0 <= place < len(count):
            count[place] += 1
    return Course(grid.times, grid.step, np.maximum(hours, np.where(count > 0, grid.step / 36e3, 0.0)), count)


def _scrap(grid: Course, counts: Iterable[CountSpan], reason: str) -> Course:
    made, thrown = np.zeros(len(grid.amount)), np.zeros(len(grid.amount))
    for span in counts:
        low, high = span.start.timestamp(), span.end.timestamp()
        _spread(grid, made, low, high, span.produced)
        _spread(grid, thrown, low, high, span.scrap_by.get(reason, 0.0))
    return Course(grid.times, grid.step, np.maximum(made, thrown), thrown)


def _slow(grid: Course, machine: Facts) -> Course:
    """Hours run, and hours of them that the pieces made do not account for."""
    hours, worth = running(grid, machine), np.zeros(len(grid.amount))
    for span in machine.counts:
        seconds = ideal_seconds(machine, span)
        if seconds is not None:
            _spread(grid, worth, span.start.timestamp(), span.end.timestamp(), seconds / 3600)
    return Course(grid.times, grid.step, hours, np.clip(hours - worth, 0.0, None))


def _changed_over(machine: Facts) -> Course | None:
    """Change-overs that are over: standard hours and actual ones. They scatter as the shorter two thirds of them do."""
    rows: list[tuple[float, float, float]] = []
    for states in change_overs(machine):
        start, end = states[0].start, states[-1].end
        standard = standard_seconds(machine, *products_around(machine, states))
        if standard and not states[-1].open:
            took = planned_seconds(machine, states)
            rows.append(((start.timestamp() + end.timestamp()) / 2, standard / 3600, took / 3600))
    if len(rows) < 3:
        return None
    times, standards, hours = (np.array(column) for column in zip(*rows, strict=True))
    if hours.sum() <= 0:
        return None
    ratios = np.sort(hours / standards)
    half = ratios[: max(3, -(-2 * len(ratios) // 3))]
    seen = float(((half - half.mean()) ** 2).sum())
    spread = (KNOWN * ORDINARY**2 + seen) / (KNOWN + len(half))
    return Course(times, 0.0, standards, hours, spread * float(standards.mean()) / float(half.mean()))


def _spread(grid: Course, into: Numbers, start: float, end: float, amount: float) -> None:
    """Share an amount of [start, end) out over the spans that it covers."""
    if amount == 0 or end <= start:
        return
    first, last = (start - grid.start) / grid.step, (end - grid.start) / grid.step
    low, high = max(0, int(first)), min(len(into) - 1, int(np.ceil(last)) - 1)
    if low == high:
        into[low] += amount
        return
    for place in range(low, high + 1):
        into[place] += amount * (min(last, place + 1) - max(first, place)) / (last - first)


def _scattered(course: Course) -> Course:
    """With its scatter: of each span against its neighbours, so that a change of level does not count as scatter."""
    seen = course.exposure > 0
    amount, exposure = course.amount[seen], course.exposure[seen]
    if len(amount) < 12 or amount.sum() <= 0:
        return course
    width = 5
    kernel = np.ones(width)
    near = np.convolve(amount, kernel, "same") / np.maximum(np.convolve(exposure, kernel, "same"), 1e-12)
    expected = np.maximum(near * exposure, 1e-9)
    pearson = ((amount - expected) ** 2 / expected)[expected > 0.02 * expected.mean()]
    dispersion = float(pearson.mean() * width / (width - 1)) if len(pearson) else 1.0
    floor = 1.0 if float(amount.max()).is_integer() else 1e-6
    return Course(course.times, course.step, course.exposure, course.amount, max(floor, dispersion))
