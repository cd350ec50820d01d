"""The alarm that came first when the machine stopped (first-out), at it or at another machine of the line.

When an alarm was told is not when its trouble began: beside the order of times it counts how often an alarm comes
without such a stop. One that comes all day names no cause.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from mom.causes.alike import stops_like
from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.words import about
from mom.facts import AlarmSpan, Facts, StopSpan

BEFORE, AFTER = timedelta(seconds=120), timedelta(seconds=30)
CHANCE = 0.1
"""An alarm that comes so often that it lies beside a stop by chance is not looked at for who was first."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One alarm near the loss's stops. `times`: in how many of them; `first`: in how many it was the first of all."""

    equipment: str
    text: str
    times: int
    first: int
    lead: float  # seconds before the stop, the middle of its times
    rows: tuple[AlarmSpan, ...]


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Alarms near the stop, or near most stops of a pattern, of every machine of the line."""
    stops = _stops(facts)
    found = rungs(facts, stops)
    for rung in found:
        if 2 * rung.times >= len(stops):
            yield _candidate(facts, rung, len(stops), len(found))


def rungs(facts: CauseFacts, stops: list[StopSpan]) -> list[Rung]:
    """The alarms around the stops, by machine and text, those that came first most often first."""
    near: dict[tuple[str, str], list[tuple[AlarmSpan, StopSpan]]] = {}
    firsts: Counter[tuple[str, str]] = Counter()
    for stop in stops:
        around = [(m.machine.path, a) for m in _machines(facts) for a in m.alarms if _near(a.start, stop)]
        for path, alarm in around:
            near.setdefault((path, alarm.text), []).append((alarm, stop))
        telling = [pair for pair in around if _by_chance(facts, *pair) <= CHANCE] or around
        if telling:
            path, alarm = min(telling, key=lambda pair: (pair[1].start, pair[0] != facts.loss.equipment))
            firsts[path, alarm.text] += 1
    made = [
        Rung(
            path, text, len({stop.id for _, stop in pairs}), firsts[path, text],
            sorted((stop.start - alarm.start).total_seconds() for alarm, stop in pairs)[len(pairs) // 2],
            tuple(alarm for alarm, _ in pairs),
        )
        for (path, text), pairs in near.items()
    ]  # fmt: skip
    return sorted(made, key=lambda rung: (-rung.first, -rung.times, -rung.lead))


def _by_chance(facts: CauseFacts, path: str, alarm: AlarmSpan) -> float:
    """How many alarms of this text, or of any as frequent at the line, chance alone would lay beside one stop."""
    machines = _machines(facts)
    machine = next(m for m in machines if m.machine.path == path)
    often = sum(1 for other in machine.alarms if other.text == alarm.text)
    kinds = sum(len({a.text for a in m.alarms}) for m in machines)
    return often * kinds * (BEFORE + AFTER).total_seconds() / max(3600.0, facts.machine.window.seconds)


def _near(at: datetime, stop: StopSpan) -> bool:
    return stop.start - BEFORE <= at <= stop.start + AFTER


def _with_a_stop(facts: CauseFacts, alarms: list[AlarmSpan]) -> int:
    """How many of them came near a stop of the loss's machine."""
    starts = sorted(stop.start for stop in facts.machine.stops)
    return sum(bisect_left(starts, a.start - AFTER) < bisect_right(starts, a.start + BEFORE) for a in alarms)


def _machines(facts: CauseFacts) -> list[Facts]:
    others = [m for m in facts.line if m.machine.path != facts.loss.equipment]
    return [facts.machine, *others]


def _stops(facts: CauseFacts) -> list[StopSpan]:
    loss = facts.loss
    if loss.rule == "stop":
        return [stop for stop in facts.machine.stops if f"stop:{stop.id}" in loss.evidence]
    if loss.rule == "minor_stops":
        return [stop for stop in stops_like(facts.machine, loss.reason) if loss.start <= stop.start < loss.end]
    return []


def _candidate(facts: CauseFacts, rung: Rung, stops: int, rivals: int) -> Candidate:
    machine = next(m for m in _machines(facts) if m.machine.path == rung.equipment)
    name, own = machine.machine.name, rung.equipment == facts.loss.equipment
    alike = [a for a in machine.alarms if a.text == rung.text]
    without = len(alike) - _with_a_stop(facts, alike)
    said = f"{rung.text} at {name}" + (" came first" if rung.first else f" came {abs(rung.lead):.0f} s {_when(rung)}")
    said += f" in {rung.first or rung.times} of {stops} stops" if stops > 1 else ""
    rare = Evidence(f"it came {len(alike)} times in these weeks, {without} of them without a stop here")
    return Candidate(
        kind="first_alarm",
        subject=f"{rung.text} at {name}",
        equipment=rung.equipment,
        evidence=(Evidence(said, tuple(f"alarm:{alarm.id}" for alarm in rung.rows[-5:])), *([] if without else [rare])),
        against=(rare,) if without else (),
        refuted_by="another alarm that came before it, or stops without it",
        measure_next=f"Look at {name} at the next stop: what {rung.text} points to, what led to it.",
        since=rung.rows[-1].start,
        thing=rung.text,
        signs={
            "first": rung.first / stops,
            "rare": 1.0 - without / len(alike),
            "lead": max(-1.0, min(1.0, rung.lead / 30)),
            "chance": min(3.0, max(0.0, -float(np.log10(max(1e-3, _by_chance(facts, rung.equipment, rung.rows[-1])))))),
            "own": float(own),
            "other": float(not own),
            "one_stop": float(stops == 1),
            "pattern": float(facts.loss.rule == "minor_stops"),
            "stops": float(any(alarm.stops for alarm in rung.rows)),
            "reason": float(about(rung.text, facts.loss.reason)),
            "rivals": min(2.0, (rivals - 1) / 2),
            "once": float(len(alike) == len(rung.rows)),
        },
    )


def _when(rung: Rung) -> str:
    return "before" if rung.lead >= 0 else "after"


cause = Cause("first_alarm", "First alarm", find)
