"""What is usual: which signals move at all, within which bounds, and what follows upon what, and how soon."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mom.cycles.recording import Event, Recording, Value

HORIZON_S = 4.0
"""How long after one change another still counts as its answer."""
SLACK_S = 0.5
"""Times are those of publication: an answer may be told this much before what it answers."""
MOSTLY = 0.8
"""It is a habit what by the rule of succession, (held + 1) / (seen + 2), is to be expected so surely the next time."""
SURELY = 0.9
"""What breaks a habit surer than this is odd by itself, not only beside other things."""
BY_CHANCE = 0.25
"""What would follow upon anything in more than this share of times answers nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`answer` is to be expected upon `call` (as `sure`, from `times` that it was seen) after `usual` seconds, by `due` at the latest."""

    call: Event
    answer: Event
    times: int
    sure: float
    usual: float
    due: float


@dataclass(frozen=True, slots=True)
class Habits:
    """What normal recordings show. `seen`: the values of each two-valued signal; `band`: (low, high) of a number."""

    recordings: int
    seen: Mapping[str, frozenset[Value]] = field(default_factory=dict)
    moves: Mapping[str, int] = field(default_factory=dict)  # of two-valued signals: how often each moved
    band: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    alarms: frozenset[str] = frozenset()  # those that come up in normal production
    answers: tuple[Answer, ...] = ()  # what is sure to come
    calls: Mapping[Event, tuple[Event, ...]] = field(default_factory=dict)  # without one of which it does not come
    times: Mapping[Event, int] = field(default_factory=dict)  # how often each change was seen
    bound: frozenset[tuple[str, str]] = frozenset()  # (caller, answerer): both ways, as a sensor answers its command


def learn(recordings: Sequence[Recording]) -> Habits:
    """The habits of a machine from recordings of normal production."""
    seen: dict[str, set[Value]] = defaultdict(set)
    moves: dict[str, int] = defaultdict(int)
    band: dict[str, tuple[float, float]] = {}
    for one in recordings:
        for name, track in one.tracks.items():
            if track.kind == "binary":
                seen[name].update(track.values)
                moves[name] += sum(1 for _ in track.changes())
            elif track.kind == "number":
                low, high = band.get(name, (float("inf"), float("-inf")))
                numbers = [float(value) for value in track.values]
                band[name] = (min(low, *numbers), max(high, *numbers))
    times: dict[Event, int] = defaultdict(int)
    for one in recordings:
        for event, moments in one.happened.items():
            times[event] += len(moments)
    answers = tuple(_answers(recordings, times))
    return Habits(
        recordings=len(recordings),
        seen={name: frozenset(values) for name, values in seen.items()},
        moves=dict(moves),
        band=band,
        alarms=frozenset(name for one in recordings for _, name in one.rises()),
        answers=answers,
        calls=_calls(recordings, times),
        times=dict(times),
        bound=_bound(answers),
    )


def _bound(answers: Sequence[Answer]) -> frozenset[tuple[str, str]]:
    """Signals that follow another whichever way it goes: a sensor its command. What a program does in turn does not."""
    ways: dict[tuple[str, str], set[tuple[Value, Value]]] = defaultdict(set)
    for one in answers:
        if one.usual > 0 and one.sure >= SURELY:
            ways[one.call[0], one.answer[0]].add((one.call[1], one.answer[1]))
    return frozenset(
        pair for pair, seen in ways.items() if len({call for call, _ in seen}) > 1 and len({to for _, to in seen}) > 1
    )


def _answers(recordings: Sequence[Recording], times: Mapping[Event, int]) -> Iterator[Answer]:
    """Pairs of changes where the second follows upon the first nearly always, and does not happen all the time."""
    chance = _chance(recordings, times)
    often = [event for event, count in times.items() if _sure(count, count) >= MOSTLY]
    for call in often:
        for answer in often:
            if call[0] == answer[0] or chance[answer] > BY_CHANCE:
                continue
            lags, missed = _lags(recordings, call, answer)
            seen = len(lags) + missed
            if _sure(len(lags), seen) >= MOSTLY:
                lags.sort()
                yield Answer(call, answer, seen, _sure(len(lags), seen), lags[len(lags) // 2], lags[-1])


def _sure(held: int, seen: int) -> float:
    return (held + 1) / (seen + 2)


def _lags(recordings: Sequence[Recording], call: Event, answer: Event) -> tuple[list[float], int]:
    """How long after each call the answer came, and how often it did not. Calls just before the end do not count."""
    lags: list[float] = []
    missed = 0
    for one in recordings:
        answers = one.happened.get(answer, ())
        for at in one.happened.get(call, ()):
            place = bisect_left(answers, at - SLACK_S)
            if place < len(answers) and answers[place] <= at + HORIZON_S:
                lags.append(answers[place] - at)
            elif at + HORIZON_S <= one.end and at - SLACK_S >= one.start:
                missed += 1
    return lags, missed


def _calls(recordings: Sequence[Recording], times: Mapping[Event, int]) -> dict[Event, tuple[Event, ...]]:
    """For each change what, nearly always, happened shortly before it."""
    chance = _chance(recordings, times)
    often = [event for event, count in times.items() if _sure(count, count) >= MOSTLY]
    found: dict[Event, tuple[Event, ...]] = {}
    for event in often:
        before = [
            call
            for call in often
            if call[0] != event[0] and chance[call] <= BY_CHANCE and _preceded(recordings, event, call) >= MOSTLY
        ]
        if before:
            found[event] = tuple(before)
    return found


def _preceded(recordings: Sequence[Recording], event: Event, call: Event) -> float:
    """How surely a `call` happens shortly before an `event`."""
    held = counted = 0
    for one in recordings:
        calls = one.happened.get(call, ())
        for at in one.happened.get(event, ()):
            if at - HORIZON_S < one.start:
                continue
            counted += 1
            place = bisect_left(calls, at - HORIZON_S)
            held += place < len(calls) and calls[place] <= at + SLACK_S
    return _sure(held, counted)


def _chance(recordings: Sequence[Recording], times: Mapping[Event, int]) -> dict[Event, float]:
    """How likely a change falls within the horizon of any moment."""
    total = sum(one.end - one.start for one in recordings) or 1.0
    return {event: min(1.0, count * (HORIZON_S + SLACK_S) / total) for event, count in times.items()}
