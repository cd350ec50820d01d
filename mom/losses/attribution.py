"""What each stop cost its line: nothing if buffers absorbed it, something if it starved or blocked the constraint.

While the constraint waits, the machine to blame is found by walking from it against the flow (starved) or with it
(blocked) past machines that wait in the same way, to the first that stands for itself.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mom.facts import Facts, Machine, RunSpan, StateSpan, StopSpan, Toll, Window
from mom.history.calendar import planned
from mom.history.classes import is_planned
from mom.history.packml import OUTSIDE, STANDING
from mom.kpis.elements import ideal_rate

RECOVERY = timedelta(minutes=15)
"""So long after a machine's stop the constraint may still wait for what it missed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the attribution sees it: the facts of its constraint, and of every machine a piece passes, in order."""

    path: str
    constraint: Facts
    flow: tuple[Facts, ...]


def tolls_of(line: Line) -> dict[int, Toll]:
    """By stop id: how long the line's constraint stood for that stop, the pieces not made, their margin."""
    found: dict[int, Toll] = {}
    price = _Price(line.constraint)
    spans = _planned(line.constraint)
    for stop in line.constraint.stops:
        if not is_planned(stop.reason):
            _add(found, stop.id, line.path, price, [Window(stop.start, stop.end)], spans)
    for stop_id, window in waits(line):
        _add(found, stop_id, line.path, price, [window], spans)
    return found


def outside_tolls(line: Line, first: Sequence[Facts], last: Sequence[Facts]) -> dict[int, Toll]:
    """By the negative id of a starved state of the line's `first` machines, a blocked one of its `last`: what the constraint
    waited for the outside."""
    found: dict[int, Toll] = {}
    price, spans = _Price(line.constraint), _planned(line.constraint)
    for detail, ends in (("starved", first), ("blocked", last)):
        waiting = _waiting(line.constraint, detail)
        for state in (s for facts in ends for s in _waiting(facts, detail)):
            window = Window(state.start, state.end + RECOVERY)
            waited = [cut for wait in waiting if (cut := window.cut(wait.start, wait.end))]
            _add(found, -state.id, line.path, price, waited, spans)
    return found


def _waiting(facts: Facts, detail: str) -> list[StateSpan]:
    return [state for state in facts.states if state.state in OUTSIDE and state.detail == detail]


def joined(one: Mapping[int, Toll], other: Mapping[int, Toll]) -> dict[int, Toll]:
    """The tolls of a machine that two lines share are added."""
    both = dict(one)
    for stop, toll in other.items():
        before = both.get(stop)
        both[stop] = toll if before is None else _sum(before, toll)
    return both


def _sum(one: Toll, other: Toll) -> Toll:
    lines = ", ".join(dict.fromkeys(filter(None, (one.line, other.line))))
    return Toll(one.seconds + other.seconds, one.units + other.units, one.money + other.money, lines)


def _add(
    found: dict[int, Toll], stop: int, line: str, price: "_Price", windows: Sequence[Window], spans: Sequence[Window]
) -> None:
    for window in windows:
        for span in spans:
            part = span.cut(window.start, window.end)
            if part:
                units = part.seconds * price.rate(part.start) / 60
                toll = Toll(part.seconds, units, Decimal(str(units)) * price.margin(part.start), line)
                found[stop] = _sum(found[stop], toll) if stop in found else toll


def _planned(facts: Facts) -> list[Window]:
    return [facts.window] if facts.no_calendar else planned(facts.shifts)


def waits(line: Line) -> Iterator[tuple[int, Window]]:
    """(stop, stretch of time) for each stretch that the constraint waited for a stop elsewhere."""
    machines = [facts.machine.path for facts in line.flow]
    here = machines.index(line.constraint.machine.path)
    upstream = [_Track(facts) for facts in reversed(line.flow[:here])]
    downstream = [_Track(facts) for facts in line.flow[here + 1 :]]
    for state in line.constraint.states:
        if state.state in OUTSIDE and state.detail in ("starved", "blocked"):
            tracks = upstream if state.detail == "starved" else downstream
            yield from _blame(state, tracks)


def _blame(state: StateSpan, tracks: Sequence["_Track"]) -> Iterator[tuple[int, Window]]:
    points = sorted({state.start, *(p for track in tracks for p in track.changes(state.start, state.end))})
    last: int | None = None
    for index, start in enumerate(points):
        end = points[index + 1] if index + 1 < len(points) else state.end
        origin = _origin(start, state.detail, tracks)
        if origin is None:
            origin = last if last is not None else _recent(start, tracks)
        if origin is not None and end > start:
            last = origin
            yield origin, Window(start, end)


def _origin(at: datetime, detail: str, tracks: Sequence["_Track"]) -> int | None:
    """The stop of the first machine that stands for itself; None where the chain ends with one that works."""
    for track in tracks:
        state = track.state(at)
        if state is None:
            return None
        if state.state in STANDING and not state.mode:
            return track.stop(at)
        if not (state.state in OUTSIDE and state.detail == detail):
            return None
    return None


def _recent(at: datetime, tracks: Sequence["_Track"]) -> int | None:
    """The stop in that direction that ended last, not long ago: the constraint waits for what it missed."""
    ended = [(stop.end, stop.id) for track in tracks if (stop := track.ended_before(at))]
    return max(ended)[1] if ended and max(ended)[0] >= at - RECOVERY else None


class _Track:
    """One machine's states and stops, by time."""

    def __init__(self, facts: Facts) -> None:
        self.states = facts.states
        self.starts = [state.start for state in facts.states]
        self.stops: Sequence[StopSpan] = [stop for stop in facts.stops if not is_planned(stop.reason)]
        self.stop_starts = [stop.start for stop in self.stops]

    def state(self, at: datetime) -> StateSpan | None:
        index = bisect_right(self.starts, at) - 1
        return self.states[index] if index >= 0 and self.states[index].end > at else None

    def stop(self, at: datetime) -> int | None:
        index = bisect_right(self.stop_starts, at) - 1
        return self.stops[index].id if index >= 0 and self.stops[index].end > at else None

    def changes(self, start: datetime, end: datetime) -> list[datetime]:
        low, high = bisect_right(self.starts, start), bisect_right(self.starts, end)
        return [at for at in self.starts[low:high] if at < end]

    def ended_before(self, at: datetime) -> StopSpan | None:
        index = bisect_right(self.stop_starts, at) - 1
        return self.stops[index] if index >= 0 and self.stops[index].end <= at else None


class _Price:
    """What a minute of the constraint is worth, by what it makes at that time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.runs: Sequence[RunSpan] = facts.runs
        self.starts = [run.start for run in facts.runs]

    def product(self, at: datetime) -> str | None:
        """The product of the run at `at`, else of the one before."""
        index = bisect_right(self.starts, at) - 1
        return self.runs[index].product if index >= 0 else None

    def rate(self, at: datetime) -> float:
        return ideal_rate(self.facts, self.product(at)) or 0.0

    def margin(self, at: datetime) -> Decimal:
        known = self.facts.products.get(self.product(at) or "")
        return known.margin if known else Decimal(0)


def is_upstream(machine: Machine, constraint: Machine) -> bool:
    return machine.line == constraint.line and machine.position < constraint.position
