"""The truth of each trouble: what it was, where, from when to when, and which reading could tell it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.drawn.effects import Bend, Dry, Longer, Power, Signal, Silence, Still, Strike, Trouble
from simulator.drawn.life import Life
from simulator.drawn.orders import Order
from simulator.drawn.stopped import Stopped

PATTERN = 3
"""So many short stops of one reason in a shift are a pattern."""
PAIR = 2
FAR = 3.0
"""Spreads by which a quantity has to be off before anybody could tell."""


def truth_of(life: Life, troubles: list[Trouble]) -> list[dict[str, Any]]:
    """Of those that were there: one whose stops never found the machine running, whose product never ran or whose
    change-over never came was not."""
    return [_told(life, trouble, spans) for trouble in troubles if (spans := happened(life, trouble))]


def happened(life: Life, trouble: Trouble) -> list[tuple[float, float]]:
    """When it was there, in seconds: first and last are the beginning and end of it."""
    end = life.calendar.seconds
    stops = [(stop.start, stop.end) for stop in life.stops if stop.strike.trouble == trouble.name]
    work = [effect for effect in trouble.effects if isinstance(effect, Strike | Bend | Longer)]
    if work and all(isinstance(effect, Strike) for effect in work):
        before = [(e.start, min(e.end, stops[0][0])) for e in trouble.effects if isinstance(e, Signal) and stops]
        return sorted([*before, *stops])
    found = [span for effect in work for span in _spans(life, effect)]
    return sorted(found) if work else [(trouble.start, min(trouble.end, end))] if trouble.start < end else []


def _spans(life: Life, effect: Strike | Bend | Longer) -> list[tuple[float, float]]:
    if isinstance(effect, Longer):
        return [(order.set_up_from or 0.0, order.set_up_to) for order in longer_orders(life, effect) if order.set_up_to]
    if not isinstance(effect, Bend):
        return []
    if effect.products is None and effect.first is None:
        return [(effect.start, min(effect.end, life.calendar.seconds))] if effect.start < life.calendar.seconds else []
    line = life.layout.line_of(effect.unit).path
    found = []
    for order in life.orders[line]:
        if order.started is not None and (effect.products is None or order.product.id in effect.products):
            until = order.finished if order.finished is not None else life.calendar.seconds
            until = until if effect.first is None else min(until, order.started + effect.first)
            low, high = max(order.started, effect.start), min(until, effect.end)
            found += [(low, high)] if low < high and (effect.first is None or order.set_up) else []
    return found


def longer_orders(life: Life, effect: Longer) -> list[Order]:
    """The orders whose change-over it made longer."""
    return [
        order
        for order in life.orders[effect.line]
        if order.set_up_from is not None
        and effect.meets(order, order.set_up_from, life.calendar.crew_at(order.set_up_from))
    ]


def _often(life: Life, trouble: Trouble) -> bool:
    """A crew's or a product's change-overs: one alone, or with none to hold it against, shows nobody why it was long."""
    for effect in trouble.effects:
        if isinstance(effect, Longer) and not effect.order:
            done = [order for order in life.orders[effect.line] if order.set_up_to is not None]
            mine = [order for order in longer_orders(life, effect) if order.set_up_to is not None]
            return len(mine) >= PAIR and len(done) - len(mine) >= PAIR
    return True


def _told(life: Life, trouble: Trouble, spans: list[tuple[float, float]]) -> dict[str, Any]:
    calendar = life.calendar
    stops = [stop for stop in life.stops if stop.strike.trouble == trouble.name]
    start, end = spans[0][0], max(end for _, end in spans)
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
        "knowable": trouble.knowable and _often(life, trouble),
        "cause": {**_NOTHING, "equipment": trouble.equipment, **trouble.cause},
        "spans": [(calendar.at(a), calendar.at(min(b, calendar.seconds))) for a, b in spans],
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
    if isinstance(effect, Bend):
        spans = _spans(life, effect)
        if not spans:
            return None
        needs = 15.0 / max(0.01, abs(1 - effect.value))
        needs = needs if effect.what == "speed" else 12.0 / max(0.001, effect.value) / _pace(life, effect.unit)
        return _running(life, effect.unit, spans[0][0], needs)
    if isinstance(effect, Power):
        return _running(life, effect.unit, effect.start, 900.0)
    if isinstance(effect, Silence | Still):
        return effect.start
    if isinstance(effect, Dry):
        return effect.at
    if isinstance(effect, Longer):
        standard = 60 * next(line for line in life.lines if line.plan.path == effect.line).plan.set_up_minutes
        begun = [order.set_up_from for order in longer_orders(life, effect) if order.set_up_from is not None]
        return life.calendar.after(min(begun), standard * 1.1 + 180) if begun else None
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
