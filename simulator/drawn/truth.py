"""The truth of each trouble: what it was, where, from when to when, and which reading could tell it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.drawn.effects import Bend, Dry, Longer, Signal, Silence, Still, Strike, Trouble
from simulator.drawn.life import Life, Stopped

PATTERN = 3
"""So many short stops of one reason in a shift are a pattern."""
FAR = 3.0
"""Spreads by which a quantity has to be off before anybody could tell."""


def truth_of(life: Life, troubles: list[Trouble]) -> list[dict[str, Any]]:
    return [_told(life, trouble) for trouble in troubles]


def _told(life: Life, trouble: Trouble) -> dict[str, Any]:
    calendar = life.calendar
    stops = [stop for stop in life.stops if stop.strike.trouble == trouble.name]
    start, end = trouble.start, max([trouble.end, *(stop.end for stop in stops)])
    telling = trouble.telling if trouble.telling is not None else _telling(life, trouble, stops)
    over = end < calendar.seconds
    return {
        "name": trouble.name,
        "trouble": trouble.kind,
        "loss": trouble.loss,
        "equipment": trouble.equipment,
        "part": trouble.part,
        "from": calendar.at(start),
        "to": calendar.at(end) if over else None,
        "active": not over,
        "telling": None if telling is None or telling >= calendar.seconds else _at(life, telling),
        "costs": trouble.costs,
        "innocent": trouble.innocent,
        "knowable": trouble.knowable,
        "cause": {**_NOTHING, "equipment": trouble.equipment, **trouble.cause},
        "stops": [(calendar.at(stop.start), calendar.at(min(stop.end, calendar.seconds))) for stop in stops],
        "says": trouble.says,
    }


_NOTHING: dict[str, Any] = {
    "kind": "none", "equipment": None, "tag": None, "lot": None, "material": None, "crew": None, "product": None,
    "tool": None, "alarm": None, "order": None,
}  # fmt: skip


def _at(life: Life, seconds: float) -> datetime:
    return life.calendar.at(seconds)


def _telling(life: Life, trouble: Trouble, stops: list[Stopped]) -> float | None:
    """The first moment at which anything of it could be told; None: it never could."""
    if trouble.innocent:
        return None
    moments = [moment for effect in trouble.effects if (moment := _of_effect(life, effect)) is not None]
    if "minor_stops" in trouble.loss:
        pattern = _pattern(life, stops)
        moments += [pattern] if pattern is not None else []
    elif stops:
        moments.append(min(stop.start for stop in stops))
    return min(moments, default=None)


def _pattern(life: Life, stops: list[Stopped]) -> float | None:
    """When the third short stop of a shift begins."""
    seen: dict[float, int] = {}
    for stop in sorted(stops, key=lambda stop: stop.start):
        shift = life.calendar.shift_at(stop.start)
        if shift is not None:
            seen[shift.start] = seen.get(shift.start, 0) + 1
            if seen[shift.start] == PATTERN:
                return stop.start
    return None


def _of_effect(life: Life, effect: object) -> float | None:
    if isinstance(effect, Signal):
        share = min(1.0, FAR / abs(effect.size)) if effect.shape == "ramp" and effect.size else 0.0
        return effect.start + share * (effect.end - effect.start)
    if isinstance(effect, Bend) and effect.what == "speed":
        return _running(life, effect.unit, effect.start, 15.0 / max(0.01, abs(1 - effect.value)))
    if isinstance(effect, Bend) and effect.what == "scrap":
        return _running(life, effect.unit, effect.start, 12.0 / max(0.001, effect.value) / _pace(life, effect.unit))
    if isinstance(effect, Silence | Still):
        return effect.start
    if isinstance(effect, Dry):
        return effect.at
    if isinstance(effect, Longer):
        return None
    return effect.at if isinstance(effect, Strike) and effect.sure else None


def _pace(life: Life, unit: str) -> float:
    return max(0.01, life.units[unit].plan.speed / 60)


def _running(life: Life, path: str, start: float, seconds: float) -> float:
    """When a machine has run `seconds` since `start`."""
    states = life.units[path].states
    ends = [at for at, _ in states[1:]] + [life.calendar.seconds]
    for (at, state), end in zip(states, ends, strict=True):
        begins = max(at, start)
        if state != 6 or end <= begins:
            continue
        if seconds <= end - begins:
            return begins + seconds
        seconds -= end - begins
    return life.calendar.seconds
