"""What is usual: which signals move at all, within which bounds, and what follows upon what, and how soon."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mom.cycles.recording import Event, Recording, Value
from mom.cycles.usual import usual

HORIZON_S = 4.0
"""How long after one change another still counts as its answer."""
SLACK_S = 0.5
"""Times are those of publication: an answer may be told this much before what it answers."""
MOSTLY = 0.8
"""It is a habit what by the rule of succession, (held + 1) / (seen + 2), is to be expected so surely the next time."""
SURELY = 0.9
"""What breaks a habit surer than this is odd by itself, not only beside other things."""
APART_S = 3600.0
"""So far apart recordings are laid, that nothing in one answers another."""
BY_CHANCE = 0.25
"""What would follow upon anything in more than this share of times answers nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`answer` is to be expected upon `call` (as `sure`: it `held` in so many of `times`) after `usual` seconds, by `due` at the latest."""

    call: Event
    answer: Event
    times: int
    held: int
    sure: float
    usual: float
    due: float


@dataclass(frozen=True, slots=True)
class Habits:
    """What normal recordings show. `seen`: the values of each two-valued signal; `band`: (low, high) of a number."""

    recordings: int
    seen: Mapping[str, frozenset[Value]] = field(default_factory=dict)
    band: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    alarms: frozenset[str] = frozenset()  # those that come up in normal production
    answers: tuple[Answer, ...] = ()  # what is sure to come
    calls: Mapping[Event, tuple[Event, ...]] = field(default_factory=dict)  # without one of which it does not come
    times: Mapping[Event, int] = field(default_factory=dict)  # how often each change was seen
    bound: frozenset[tuple[str, str]] = frozenset()  # (caller, answerer): both ways, as a sensor answers its command


def learn(recordings: Sequence[Recording]) -> Habits:
    """The habits of a machine from recordings of normal production."""
    told = _occurrences(recordings)
    chance = _chance(recordings, told)
    answers = tuple(_answers(told, chance))
    known = usual(recordings)
    return Habits(
        recordings=len(recordings),
        seen=known.values,
        band=known.bands,
        alarms=known.alarms,
        answers=answers,
        calls=_calls(told, chance),
        times={event: len(one.at) for event, one in told.items()},
        bound=_bound(answers),
    )


def _bound(answers: Sequence[Answer]) -> frozenset[tuple[str, str]]:
    """Signals that follow another whichever way it goes: a sensor its command. What a program does in turn does not."""
    ways: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for one in answers:
        if one.usual > 0:
            ways[one.call[0], one.answer[0]].append(one)
    return frozenset(pair for pair, some in ways.items() if _both_ways(some) and _together(some) >= SURELY)


def _both_ways(some: Sequence[Answer]) -> bool:
    return len({one.call[1] for one in some}) > 1 and len({one.answer[1] for one in some}) > 1


def _together(some: Sequence[Answer]) -> float:
    """How sure an answer is, whichever way: a sensor that is bound to its command is seen to be so at each move."""
    return _sure(sum(one.held for one in some), sum(one.times for one in some))


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """When a change came, in seconds, all recordings one behind the other and far apart; begin and end of its recording."""

    at: np.ndarray
    start: np.ndarray
    end: np.ndarray


def _occurrences(recordings: Sequence[Recording]) -> dict[Event, _Occurrences]:
    rows: dict[Event, list[tuple[float, float, float]]] = defaultdict(list)
    shift = 0.0
    for one in recordings:
        move = shift - one.start
        for event, moments in one.happened.items():
            rows[event] += [(at + move, one.start + move, one.end + move) for at in moments]
        shift += one.end - one.start + APART_S
    return {event: _Occurrences(*np.array(found).T) for event, found in rows.items()}


def _answers(told: Mapping[Event, _Occurrences], chance: Mapping[Event, float]) -> Iterator[Answer]:
    """Pairs of changes where the second follows upon the first nearly always, and does not happen all the time."""
    often = {event: one for event, one in told.items() if _sure(len(one.at), len(one.at)) >= MOSTLY}
    for call, calls in often.items():
        for answer, answers in often.items():
            if call[0] == answer[0] or chance[answer] > BY_CHANCE:
                continue
            lags, missed = _lags(calls, answers)
            seen = len(lags) + missed
            sure = _sure(len(lags), seen)
            if sure >= MOSTLY:
                lags.sort()
                yield Answer(call, answer, seen, len(lags), sure, float(lags[len(lags) // 2]), float(lags[-1]))


def _sure(held: int, seen: int) -> float:
    return (held + 1) / (seen + 2)


def _lags(calls: _Occurrences, answers: _Occurrences) -> tuple[np.ndarray, int]:
    """How long after each call the answer came, and how often it did not. Calls just before the end do not count."""
    lag = _next(answers.at, calls.at - SLACK_S) - calls.at
    came = lag <= HORIZON_S
    whole = (calls.at + HORIZON_S <= calls.end) & (calls.at - SLACK_S >= calls.start)
    return lag[came], int((~came & whole).sum())


def _calls(told: Mapping[Event, _Occurrences], chance: Mapping[Event, float]) -> dict[Event, tuple[Event, ...]]:
    """For each change what, nearly always, happened shortly before it."""
    often = {event: one for event, one in told.items() if _sure(len(one.at), len(one.at)) >= MOSTLY}
    found: dict[Event, tuple[Event, ...]] = {}
    for event, events in often.items():
        before = [
            call
            for call, calls in often.items()
            if call[0] != event[0] and chance[call] <= BY_CHANCE and _preceded(events, calls) >= MOSTLY
        ]
        if before:
            found[event] = tuple(before)
    return found


def _preceded(events: _Occurrences, calls: _Occurrences) -> float:
    """How surely a `call` happens shortly before an `event`. What came just after a recording's begin does not count."""
    whole = events.at - HORIZON_S >= events.start
    at = events.at[whole]
    return _sure(int((_next(calls.at, at - HORIZON_S) <= at + SLACK_S).sum()), len(at))


def _next(times: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """The first of `times`, which ascend, at or after each moment; infinity where there is none."""
    return np.append(times, np.inf)[np.searchsorted(times, moments)]


def _chance(recordings: Sequence[Recording], told: Mapping[Event, _Occurrences]) -> dict[Event, float]:
    """How likely a change falls within the horizon of any moment."""
    total = sum(one.end - one.start for one in recordings) or 1.0
    return {event: min(1.0, len(one.at) * (HORIZON_S + SLACK_S) / total) for event, one in told.items()}
