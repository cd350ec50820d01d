"""Every second of a window in exactly one class (REFERENCE: time model). Integer microseconds: parts add up exactly."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from mom.facts import Facts, StateSpan, StopSpan, Window
from mom.history.calendar import planned
from mom.history.classes_said import Said, latest, pieces_of
from mom.history.packml import OUTSIDE, PRODUCING, STANDING, UNKNOWN

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class TimeClass(StrEnum):
    """In the order in which they count where conditions overlap: outside planned time a machine that produces is
    producing and everything else is a planned stop; inside it, the first of these that holds. Over that: from the last
    good piece of one product to the first of the next is set-up (of a machine that tells no set-up mode); what has no
    cause inside the machine while no order is on its line is idle; and a person's word holds over all."""

    planned_stop = "planned_stop"
    unknown = "unknown"
    set_up = "set_up"
    breakdown = "breakdown"
    minor_stop = "minor_stop"
    starved = "starved"
    blocked = "blocked"
    waiting = "waiting"  # suspended, and the machine does not say for what
    unclassified = "unclassified"
    idle = "idle"
    production = "production"


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of one class. `start`, `end` in microseconds since 1970; `ref` is the row that says so."""

    start: int
    end: int
    kind: TimeClass
    equipment: str
    ref: str = ""
    why: str = ""  # where not the machine said so: no order on the line, a person

    @property
    def started_at(self) -> datetime:
        return EPOCH + self.start * MICROSECOND

    @property
    def ended_at(self) -> datetime:
        return EPOCH + self.end * MICROSECOND


def micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def classify(facts: Facts) -> list[Slice]:
    """The window of each machine in `facts`, cut into slices without holes or overlaps, in order of time.

    A plant without a calendar is taken as always planned. A machine without states is unknown all the time.
    """
    window = facts.window
    worked = planned(facts.shifts) if not facts.no_calendar else [window]
    busy = [(micros(w.start), micros(w.end)) for w in worked]
    slices: list[Slice] = []
    for equipment in dict.fromkeys(span.equipment for span in facts.states) or [facts.machine.path]:
        states = [span for span in facts.states if span.equipment == equipment]
        stops = _Stops([stop for stop in facts.stops if stop.equipment == equipment], facts.minor_stop)
        for start, end, state in _covered(states, window):
            for low, high, in_plan in _cut(start, end, busy):
                for begin, finish in stops.cut(low, high):
                    kind, ref = _class_of(state, in_plan, stops, begin)
                    slices.append(Slice(begin, finish, kind, equipment, ref))
    for laid in (_changed_over, _without_order, _as_people_said):
        slices = laid(facts, slices)
    return slices


def _changed_over(facts: Facts, slices: list[Slice]) -> list[Slice]:
    if not facts.change_overs:
        return slices
    by_path = {path: _spans(windows, TimeClass.set_up) for path, windows in facts.change_overs.items()}
    kept = (TimeClass.planned_stop, TimeClass.unknown)
    return _over(slices, lambda piece: () if piece.kind in kept else by_path.get(piece.equipment, ()))


def _without_order(facts: Facts, slices: list[Slice]) -> list[Slice]:
    if not facts.no_order:
        return slices
    spans = _spans(facts.no_order, TimeClass.idle, "no order")
    outside = (TimeClass.unclassified, TimeClass.starved, TimeClass.blocked, TimeClass.waiting, TimeClass.idle)
    return _over(slices, lambda piece: spans if piece.kind in outside else ())


def _as_people_said(facts: Facts, slices: list[Slice]) -> list[Slice]:
    if not facts.corrected:
        return slices
    paths = {span.equipment for span in facts.corrected}
    by_path = {path: latest((s for s in facts.corrected if s.equipment == path), micros) for path in paths}
    return _over(slices, lambda piece: by_path.get(piece.equipment, ()))


def _spans(windows: Iterable[Window], kind: TimeClass, why: str = "") -> list[Said]:
    return [Said(micros(w.start), micros(w.end), kind, "", why) for w in windows]


def _over(slices: Iterable[Slice], said: Callable[[Slice], Sequence[Said]]) -> list[Slice]:
    """The slices, with what is said of each laid over it."""
    found: list[Slice] = []
    for piece in slices:
        for low, high, one in pieces_of(piece.start, piece.end, said(piece)):
            if one is None:
                found.append(replace(piece, start=low, end=high))
            else:
                found.append(Slice(low, high, TimeClass(one.kind), piece.equipment, one.ref or piece.ref, one.why))
    return found


def totals(slices: Iterable[Slice]) -> dict[TimeClass, int]:
    """Microseconds by class, every class named."""
    found = dict.fromkeys(TimeClass, 0)
    for piece in slices:
        found[piece.kind] += piece.end - piece.start
    return found


class _Stops:
    """Which stop covers a moment."""

    def __init__(self, stops: Sequence[StopSpan], minor: timedelta) -> None:
        self.stops = sorted(stops, key=lambda s: s.start)
        self.starts = [micros(stop.start) for stop in self.stops]
        self.minor = minor

    def cut(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """[low, high) where a stop begins or ends in it: each part is in one stop or in none."""
        near = self.stops[max(0, bisect_right(self.starts, low) - 1) : bisect_right(self.starts, high)]
        edges = sorted({edge for stop in near for edge in (micros(stop.start), micros(stop.end)) if low < edge < high})
        yield from pairwise((low, *edges, high))

    def at(self, moment: int) -> tuple[TimeClass, str]:
        index = bisect_right(self.starts, moment) - 1
        if index < 0 or micros(self.stops[index].end) <= moment:
            return TimeClass.unclassified, ""
        stop = self.stops[index]
        return stop_class(stop, self.minor), f"stop:{stop.id}"


def stop_class(stop: StopSpan, minor: timedelta) -> TimeClass:
    """A stop that was planned, one too short to matter alone, one that nobody named, or a breakdown."""
    if is_planned(stop.reason):
        return TimeClass.planned_stop
    if stop.end - stop.start < minor:
        return TimeClass.minor_stop
    return TimeClass.breakdown if stop.reason else TimeClass.unclassified


def is_planned(reason: str) -> bool:
    """Whether a reason says of itself that the stop was planned ("planned maintenance")."""
    return reason.casefold().startswith("planned")


def _class_of(state: StateSpan | None, in_plan: bool, stops: _Stops, moment: int) -> tuple[TimeClass, str]:
    ref = f"state:{state.id}" if state and state.id else ""
    if not in_plan:
        producing = state is not None and state.state in PRODUCING and not state.mode
        return (TimeClass.production if producing else TimeClass.planned_stop), ref
    if state is None or state.state == UNKNOWN:
        return TimeClass.unknown, ref
    if state.mode == "set_up":
        return TimeClass.set_up, ref
    if state.state in STANDING:
        kind, stop = stops.at(moment)
        return kind, stop or ref
    if state.state in OUTSIDE:
        return (TimeClass(state.detail) if state.detail in ("starved", "blocked") else TimeClass.waiting), ref
    return (TimeClass.production if state.state in PRODUCING else TimeClass.idle), ref


def _covered(states: Sequence[StateSpan], window: Window) -> Iterator[tuple[int, int, StateSpan | None]]:
    """The window in order, None where no state is known; of two that overlap the later begun holds from its start."""
    at, end = micros(window.start), micros(window.end)
    ordered = sorted(states, key=lambda s: (s.start, s.id))
    for index, span in enumerate(ordered):
        until = micros(ordered[index + 1].start) if index + 1 < len(ordered) else end
        low, high = max(at, micros(span.start)), min(end, micros(span.end), until)
        if high <= low:
            continue
        if low > at:
            yield at, low, None
        yield low, high, span
        at = high
    if at < end:
        yield at, end, None


def _cut(start: int, end: int, busy: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """[start, end) cut where planned time begins and ends."""
    at = start
    for low, high in busy:
        if high <= at or low >= end:
            continue
        if low > at:
            yield at, low, False
            at = low
        yield at, min(high, end), True
        at = min(high, end)
    if at < end:
        yield at, end, False
