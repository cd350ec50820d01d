"""Which signal started it: the oddities before each alarm, without the machine's own reactions to the alarms."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mom.cycles.habits import Habits
from mom.cycles.oddity import Oddity, oddities
from mom.cycles.recording import Recording

LOOK_BACK_S = 60.0
"""So long before an alarm its cause is looked for."""
TOLD_WITHIN_S = 0.35
"""The order of what is told within this time is not the order in which it happened: the time between two publications."""
BURST_S = 2.0
"""Oddities without a longer pause between them belong together; what moves so soon after an alarm is a reaction to it."""
NEAR_S = 15.0
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
    """The first trouble of a recording in which more than one signal was odd by itself, which chance seldom does; else
    the first. None: no alarm came up beside something odd that normal production lacks."""
    every = list(troubles(habits, one))
    return next(
        (found for found in every if len({o.signal for o in found.odd if o.strong}) > 1), next(iter(every), None)
    )


def troubles(habits: Habits, one: Recording) -> Iterator[Trouble]:
    """All troubles of a recording, in order."""
    strange = [(at, name) for at, name in one.rises() if name not in habits.alarms]
    place = 0
    while place < len(strange):
        at = strange[place][0]
        found = oddities(habits, one, at - LOOK_BACK_S, at + 1.0)
        if any(odd.strong and odd.at >= at - NEAR_S for odd in found):
            alarms = tuple(_together(one, strange[place:]))
            yield Trouble(alarms, tuple(oddities(habits, one, at - LOOK_BACK_S, alarms[-1][0] + 0.5)))
            place += len(alarms)
        else:
            place += 1


def _together(one: Recording, strange: Sequence[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """The alarms that came up before, or just after, those before them had all gone."""
    until = strange[0][0]
    for at, name in strange:
        if at > until + BURST_S:
            return
        yield at, name
        ends = (end for end, value in one.tracks[name].changes() if end > at and not value)
        until = max(until, next(ends, one.end))


def suspects(found: Trouble) -> list[Suspect]:
    """The likeliest first: for each alarm in turn its first suspect, then the second of each, and so on.

    An alarm's suspects are the last burst of oddities before it, the first of them first; what was odd only just
    before or after it comes next, since that may be a reaction. What accounted for an earlier alarm, or reacted to it, is
    not told again; an alarm that comes up upon another with nothing new before it goes with that.
    """
    rows: list[list[Suspect]] = []
    told: set[str] = set()
    last = float("-inf")
    for at, name in found.alarms:
        row = _row([o for o in found.odd if o.signal not in told], at, name)
        if row and not (rows and at - last < BURST_S and not row[0].clear):
            rows.append(row)
            told.add(row[0].signal)
        told |= {o.signal for o in found.odd if o.what != "outside" and at - TOLD_WITHIN_S <= o.at <= at + BURST_S}
        last = at
    return _with_the_rest(interleaved(rows), found)


def _row(odd: Sequence[Oddity], at: float, alarm: str) -> list[Suspect]:
    """Surely before the alarm and odd by itself; told just before it; before it and odd beside these; what is left."""
    before = [o for o in odd if o.at < at - TOLD_WITHIN_S]
    near = [o for o in before if o.at >= at - NEAR_S]
    close = sorted((o for o in odd if abs(o.at - at) <= TOLD_WITHIN_S), key=no_reaction)
    burst = _last_burst([o for o in near if o.strong])
    ordered = [*burst, *(o for o in close if o.strong and o.at <= at)]
    ordered += _last_burst([o for o in near if not o.strong])
    if not burst:
        ordered += [*close, *_last_burst([o for o in before if o.strong])]
    row: dict[str, Suspect] = {}
    for one in ordered:
        row.setdefault(one.signal, Suspect(one.signal, one, alarm, at, one in burst))
    return list(row.values())


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
