"""What was not as usual before a moment: what moved that never does, what should have come and did not, what came unasked."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mom.cycles.habits import HORIZON_S, SLACK_S, Answer, Habits
from mom.cycles.recording import Event, Recording, Track, Value

What = Literal["moved", "outside", "absent", "unasked"]
MARGIN = 0.05
"""A number is outside when it leaves the band it is known in by more than this share of the band's width."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """`signal` was odd from `at` on (for what did not come: when it should have come). `upon`: what it should have answered."""

    signal: str
    at: float
    what: What
    value: Value  # what it took; for what did not come: what it should have taken
    seen: int = 0  # how often the habit was seen that it breaks
    upon: Event | None = None
    strong: bool = True  # false: so programs may also behave that were not recorded


def oddities(habits: Habits, one: Recording, start: float, moment: float) -> list[Oddity]:
    """All oddities between `start` and `moment`, in order of time."""
    unasked = list(_unasked(habits, one, start, moment))
    odd = {(found.signal, found.value) for found in unasked}
    found = [
        *_moved(habits, one, start, moment),
        *_outside(habits, one, start, moment),
        *unasked,
        *_absent(habits, one, start, moment, odd),
    ]
    return sorted(found, key=lambda o: (o.at, o.signal))


def _moved(habits: Habits, one: Recording, start: float, moment: float) -> Iterator[Oddity]:
    """Two-valued signals that took a value which normal production does not show."""
    for name, track in one.of_kind("binary").items():
        known = habits.seen.get(name)
        if known:
            for at, value in track.changes():
                if start <= at <= moment and value not in known:
                    yield Oddity(name, at, "moved", value, habits.recordings)


def _outside(habits: Habits, one: Recording, start: float, moment: float) -> Iterator[Oddity]:
    """Numbers that left the band they are known in: that of normal production, and their own before `start`."""
    for name, track in one.of_kind("number").items():
        low, high = _band(habits.band.get(name), track, start)
        margin = MARGIN * (high - low) or MARGIN * abs(high)
        for at, value in track.changes():
            if start <= at <= moment and not low - margin <= float(value) <= high + margin:
                yield Oddity(name, at, "outside", value, habits.recordings if name in habits.band else 0)


def _band(known: tuple[float, float] | None, track: Track, start: float) -> tuple[float, float]:
    own = [float(value) for value in track.values[: max(1, bisect_right(track.times, start))]]
    return (min([*own, *(known or ())]), max([*own, *(known or ())]))


def _unasked(habits: Habits, one: Recording, start: float, moment: float) -> Iterator[Oddity]:
    """Changes that came although nothing happened upon which they come."""
    for event, moments in one.happened.items():
        calls = habits.calls.get(event)
        for at in moments if calls else ():
            if start <= at <= moment and not any(
                _happened(one, call, at - HORIZON_S, at + SLACK_S) for call in calls or ()
            ):
                bound = any((call[0], event[0]) in habits.bound for call in calls or ())
                yield Oddity(event[0], at, "unasked", event[1], habits.times[event], strong=bound)


def _absent(habits: Habits, one: Recording, start: float, moment: float, odd: set[Event]) -> Iterator[Oddity]:
    """Answers that were due and had not come. Upon a call that was odd itself nothing is due."""
    due: dict[Event, list[Oddity]] = {}
    for habit in habits.answers:
        if habit.usual <= 0 or habit.call in odd:
            continue
        bound = (habit.call[0], habit.answer[0]) in habits.bound
        signal, value = habit.answer
        for at in one.happened.get(habit.call, ()):
            if start <= at and at + habit.due + SLACK_S <= moment and not _answered(one, habit, at, moment):
                absent = Oddity(signal, at + habit.usual, "absent", value, habit.times, habit.call, bound)
                due.setdefault(habit.answer, []).append(absent)
    for (signal, _), some in due.items():
        yield from _silences(one.tracks[signal], some)


def _silences(track: Track, due: Sequence[Oddity]) -> Iterator[Oddity]:
    """Each silence once, however often the signal was due in it: from when it was first, and most surely, due. A signal
    that told anything in between was not silent all the time."""
    silence: dict[int, Oddity] = {}
    for one in sorted(due, key=lambda odd: (not odd.strong, odd.at)):
        silence.setdefault(bisect_right(track.times, one.at), one)
    yield from silence.values()


def _answered(one: Recording, habit: Answer, at: float, moment: float) -> bool:
    """It came, or it stood so already when it was called for."""
    if _happened(one, habit.answer, at - SLACK_S, moment):
        return True
    track = one.tracks.get(habit.answer[0])
    return track is None or track.at(at - SLACK_S) == habit.answer[1]


def _happened(one: Recording, event: Event, start: float, end: float) -> bool:
    moments = one.happened.get(event, ())
    place = bisect_left(moments, start)
    return place < len(moments) and moments[place] <= end
