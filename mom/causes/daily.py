"""What a loss was made of, shift by shift: numbers in which a beginning, a crew or a product can be seen."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from mom.causes.cause import LossFact, ShiftTally
from mom.facts import Facts, StopSpan
from mom.history.classes import TimeClass, classify


def stops_like(machine: Facts, loss: LossFact) -> list[StopSpan]:
    """The stops of the machine that have the loss's reason."""
    return [stop for stop in machine.stops if stop.reason == loss.reason]


def tallies(machine: Facts, loss: LossFact) -> tuple[ShiftTally, ...]:
    """Every worked shift of the window with at least half an hour of production, in order."""
    starts = [shift.start for shift in machine.shifts]
    ran = [0.0] * len(starts)
    counts, stopped, scrap, produced = [0] * len(starts), list(ran), list(ran), list(ran)
    for piece in classify(machine):
        if piece.kind == TimeClass.production:
            for index in _places(starts, piece.started_at, piece.ended_at):
                shift = machine.shifts[index]
                low, high = max(shift.start, piece.started_at), min(shift.end, piece.ended_at)
                ran[index] += max(0.0, (high - low) / timedelta(seconds=1))
    for stop in stops_like(machine, loss):
        index = bisect_right(starts, stop.start) - 1
        if index >= 0:
            counts[index] += 1
            stopped[index] += stop.seconds
    for span in machine.counts:
        index = bisect_right(starts, span.start) - 1
        if index >= 0:
            scrap[index] += span.scrap_by.get(loss.reason, 0.0)
            produced[index] += span.produced
    rows = zip(machine.shifts, ran, counts, stopped, scrap, produced, strict=True)
    return tuple(ShiftTally(*row) for row in rows if row[1] >= 1800)


def measure(loss: LossFact, tally: ShiftTally) -> float:
    """What the loss is about: share of scrap, or how often it stops while it runs."""
    return tally.scrap_share if loss.kind == "scrap" else tally.stops_an_hour


def _places(starts: Sequence[datetime], start: datetime, end: datetime) -> range:
    first = max(0, bisect_right(starts, start) - 1)
    return range(first, bisect_right(starts, end)) if starts else range(0)
