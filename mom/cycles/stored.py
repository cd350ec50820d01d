"""A machine's stored readings: its normal cycles, cut out between its stops, and what was odd before a moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mom.cycles.habits import Habits, learn
from mom.cycles.recording import Recording
from mom.cycles.suspects import LOOK_BACK_S, Suspect, Trouble, troubles

QUIET_S = 120.0
"""Where nothing at all was told for so long, nobody listened: what is before and after is not one recording."""
LEAST_S = 60.0
"""A shorter piece between two stops teaches nothing."""
WARNED_S = 300.0
"""Warnings so long before a stop may belong to it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The habits that the readings before a moment show, and over how many hours."""

    habits: Habits
    hours: float


@dataclass(frozen=True, slots=True)
class Before:
    """What was odd before a stop: the suspects, the likeliest first. `by_graph`: the signals that an expert's graph named."""

    suspects: tuple[Suspect, ...]
    hours: float  # of normal production, learned from
    by_graph: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)  # of the signals and alarms, as people call them


def learned_before(one: Recording, stops: Sequence[tuple[float, float]], moment: float) -> Learned:
    """From all that is no stop, nor the minutes before one, up to the minutes before `moment`."""
    pieces = list(_pieces(one, stops, moment - WARNED_S))
    return Learned(learn(pieces), sum(piece.end - piece.start for piece in pieces) / 3600)


def trouble_at(habits: Habits, one: Recording, start: float, end: float) -> Trouble | None:
    """The trouble whose alarms came up by `start`, the begin of a stop, as far as it is seen by `end`."""
    seen = one.between(max(one.start, start - WARNED_S - LOOK_BACK_S), end)
    begun = [found for found in troubles(habits, seen) if found.alarms[0][0] <= start + 1.0]
    near = [found for found in begun if found.alarms[-1][0] >= start - WARNED_S]
    return near[-1] if near else None


def _pieces(one: Recording, stops: Sequence[tuple[float, float]], end: float) -> Iterator[Recording]:
    """The recording without its stops and the minutes before them, cut where nobody listened."""
    start = one.start
    for low, high in sorted([*((at - WARNED_S, to) for at, to in stops), *_silences(one), (end, end)]):
        if min(low, end) - start >= LEAST_S:
            yield one.between(start, min(low, end))
        start = max(start, high)


def _silences(one: Recording) -> Iterator[tuple[float, float]]:
    every = sorted({at for track in one.tracks.values() for at in track.times})
    for before, after in pairwise(every):
        if after - before > QUIET_S:
            yield before, after
