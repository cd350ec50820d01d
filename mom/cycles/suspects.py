"""Which signal started it: the oddities before each alarm, without the machine's own reactions to the alarms."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mom.cycles.habits import Habits
from mom.cycles.oddity import Oddity, oddities
from mom.cycles.recording import Recording

LOOK_BACK_S = 60.0
"""So long before an alarm its cause is looked for."""
TOLD_WITHIN_S = 0.3
"""The order of what is told within this time is not the order in which it happened: the time between two publications."""
REACTION_S = 1.5
"""What moves so soon after an alarm is the machine's reaction to it."""
BURST_S = 2.0
"""Oddities without a longer pause between them belong together."""
NEAR_S = 10.0
"""An alarm is believed to be one of trouble when something odd was there so shortly before it."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A signal, what was odd about it, and the alarm that it accounts for."""

    signal: str
    oddity: Oddity | None  # None: only the graph speaks for it
    alarm: str
    alarm_at: float
    clear: bool  # before the alarm by more than the order of publication can mislead


@dataclass(frozen=True, slots=True)
class Trouble:
    """Alarms that are not part of normal production, from the first up to when all have gone, and what was odd."""

    alarms: tuple[tuple[float, str], ...]
    odd: tuple[Oddity, ...]


def trouble(habits: Habits, one: Recording) -> Trouble | None:
    """The first trouble of a recording. None: no alarm came up beside something odd that normal production lacks."""
    strange = [(at, name) for at, name in one.rises() if name not in habits.alarms]
    for place, (at, _) in enumerate(strange):
        found = oddities(habits, one, at - LOOK_BACK_S, at + 1.0)
        if any(odd.strong and odd.at >= at - NEAR_S for odd in found):
            alarms = tuple(_together(one, strange[place:]))
            return Trouble(alarms, tuple(oddities(habits, one, at - LOOK_BACK_S, alarms[-1][0] + 0.5)))
    return None


def _together(one: Recording, strange: Sequence[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """The alarms that came up before those before them had all gone."""
    until = strange[0][0]
    for at, name in strange:
        if at > until:
            return
        yield at, name
        ends = (end for end, value in one.tracks[name].changes() if end > at and not value)
        until = max(until, next(ends, one.end))


def suspects(found: Trouble) -> list[Suspect]:
    """The likeliest first: for each alarm in turn its first suspect, then the second of each, and so on.

    An alarm's suspects are the last burst of oddities before it, the first of them first; what was odd only just
    before or after it comes next, since that may be a reaction. What an earlier alarm accounts for is not told again.
    """
    rows: list[list[Suspect]] = []
    taken: set[str] = set()
    for place, (at, name) in enumerate(found.alarms):
        before = found.alarms[place - 1][0] if place else at - LOOK_BACK_S - REACTION_S
        row = [s for s in _row(found.odd, at, name, before + REACTION_S) if s.signal not in taken]
        if row and not (place and at - before < REACTION_S and not row[0].clear and rows):
            rows.append(row)
            taken.add(row[0].signal)
    return _with_the_rest(interleaved(rows), found)


def _row(odd: Sequence[Oddity], at: float, alarm: str, since: float) -> list[Suspect]:
    clear = [o for o in odd if since <= o.at < at - TOLD_WITHIN_S]
    close = [o for o in odd if abs(o.at - at) <= TOLD_WITHIN_S]
    burst = _last_burst([o for o in clear if o.strong])
    if burst:
        return [Suspect(o.signal, o, alarm, at, True) for o in _by_strength(burst)]
    return [Suspect(o.signal, o, alarm, at, False) for o in sorted(close, key=no_reaction)]


def no_reaction(odd: Oddity) -> tuple[bool, float, str]:
    """The order of what was told together with an alarm. A measured quantity does not jump because an alarm came up, and
    a signal that never moves tells more than one that moved out of turn: each is worth some of the doubt in the times."""
    worth = {"outside": -TOLD_WITHIN_S, "moved": 0.0}.get(odd.what, TOLD_WITHIN_S / 3)
    return (not odd.strong, odd.at + worth, odd.signal)


def _last_burst(clear: Sequence[Oddity]) -> list[Oddity]:
    burst: list[Oddity] = []
    for odd in reversed(clear):
        if burst and burst[-1].at - odd.at > BURST_S:
            break
        burst.append(odd)
    return burst[::-1]


def _by_strength(odd: Collection[Oddity]) -> list[Oddity]:
    return sorted(odd, key=lambda o: (not o.strong, o.at, -o.seen, o.signal))


def interleaved(rows: Sequence[Sequence[Suspect]]) -> dict[str, Suspect]:
    """By signal: the first of each row in turn, then the second of each."""
    ranked: dict[str, Suspect] = {}
    for depth in range(max((len(row) for row in rows), default=0)):
        for row in rows:
            if depth < len(row):
                ranked.setdefault(row[depth].signal, row[depth])
    return ranked


def _with_the_rest(ranked: dict[str, Suspect], found: Trouble) -> list[Suspect]:
    """Behind the suspects what else was odd."""
    at, alarm = found.alarms[0]
    for odd in _by_strength(found.odd):
        ranked.setdefault(odd.signal, Suspect(odd.signal, odd, alarm, at, False))
    return list(ranked.values())


def named(ranked: Sequence[Suspect]) -> Mapping[str, Suspect]:
    """Those that may be named as a cause: odd in a way that normal production never is."""
    return {s.signal: s for s in ranked if s.oddity is not None and s.oddity.strong}
