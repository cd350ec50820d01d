"""A recording: what each signal of a machine said, change by change."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["binary", "number", "counter", "text", "alarm"]
Value = bool | float | str
Event = tuple[str, Value]
"""A signal and the value it changes to."""


@dataclass(frozen=True, slots=True)
class Track:
    """One signal. `values[i]` holds from `times[i]` on; times ascend. The first is its state when the recording began."""

    kind: Kind
    times: tuple[float, ...]
    values: tuple[Value, ...]

    def at(self, moment: float) -> Value | None:
        """What it said at `moment`; None: nothing yet."""
        place = bisect_right(self.times, moment)
        return self.values[place - 1] if place else None

    def changes(self) -> Iterator[tuple[float, Value]]:
        """When it took another value, and which; a value that is told again is no change."""
        for place in range(1, len(self.times)):
            if self.values[place] != self.values[place - 1]:
                yield self.times[place], self.values[place]

    def until(self, moment: float) -> "Track":
        place = bisect_right(self.times, moment)
        return Track(self.kind, self.times[:place], self.values[:place])

    def between(self, start: float, end: float) -> "Track":
        """From `start`, with what it said then, to `end`."""
        first, last = bisect_right(self.times, start), bisect_right(self.times, end)
        if not first:
            return Track(self.kind, self.times[:last], self.values[:last])
        return Track(self.kind, (start, *self.times[first:last]), (self.values[first - 1], *self.values[first:last]))


@dataclass(frozen=True, slots=True)
class Recording:
    """All signals of a machine over a time. Times are seconds since any moment, the same for all signals."""

    name: str
    tracks: Mapping[str, Track]
    start: float
    end: float
    happened: Mapping[Event, tuple[float, ...]] = field(default_factory=dict)  # of two-valued signals: when, ascending

    def until(self, moment: float) -> "Recording":
        """The same, as if it had ended at `moment`."""
        tracks = {name: track.until(moment) for name, track in self.tracks.items()}
        return recording(self.name, {n: t for n, t in tracks.items() if t.times}, self.start, min(self.end, moment))

    def between(self, start: float, end: float) -> "Recording":
        """The same, as if it had begun at `start`, with the states of then, and ended at `end`."""
        tracks = {name: part for name, track in self.tracks.items() if (part := track.between(start, end)).times}
        return recording(self.name, tracks, start, end)

    def of_kind(self, *kinds: Kind) -> dict[str, Track]:
        return {name: track for name, track in self.tracks.items() if track.kind in kinds}

    def rises(self) -> list[tuple[float, str]]:
        """When each alarm came up, in order; one that stood when the recording began did not come up in it."""
        found = [(at, name) for name, t in self.of_kind("alarm").items() for at, value in t.changes() if value]
        return sorted(found)


def recording(name: str, tracks: Mapping[str, Track], start: float, end: float) -> Recording:
    happened: dict[Event, list[float]] = {}
    for signal, track in tracks.items():
        if track.kind == "binary":
            for at, value in track.changes():
                happened.setdefault((signal, value), []).append(at)
    return Recording(name, tracks, start, end, {event: tuple(times) for event, times in happened.items()})


def recorded(name: str, rows: Iterable[tuple[float, str, Kind, Value]]) -> Recording:
    """From rows (time in seconds, signal, kind, value) in any order. Raises ValueError when there is none."""
    kinds: dict[str, Kind] = {}
    told: dict[str, list[tuple[float, Value]]] = {}
    for at, signal, kind, value in rows:
        kinds[signal] = kind
        told.setdefault(signal, []).append((at, value))
    if not told:
        raise ValueError(f"{name} holds no rows.")
    tracks: dict[str, Track] = {}
    for signal in sorted(told):
        in_order = sorted(told[signal], key=lambda row: row[0])
        tracks[signal] = Track(kinds[signal], tuple(at for at, _ in in_order), tuple(value for _, value in in_order))
    ends = [track.times[-1] for track in tracks.values()]
    return recording(name, tracks, min(track.times[0] for track in tracks.values()), max(ends))
