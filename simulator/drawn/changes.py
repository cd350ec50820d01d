"""What controllers show that changes now and then: states, set-up, alarms, reasons, orders. (tag, seconds, value)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.drawn.effects import Effect, Warn
from simulator.drawn.life import Life

Change = tuple[str, float, float]


def changes(life: Life, effects: Iterable[Effect]) -> list[Change]:
    found: list[Change] = [
        (f"{path}.state", at, state) for path, unit in life.units.items() for at, state in unit.states
    ]
    for at, line, on in life.set_ups:
        units = next(one for one in life.lines if one.plan.path == line).units
        found += [(f"{unit.path}.set_up", at, on) for unit in units]
    codes = {product.id: product.code for plan in life.layout.lines for product in plan.products}
    for at, line, order, product in life.running:
        found += [(f"{line}.order", at, int(order)), (f"{line}.product", at, codes[product])]
    found += _overlaid(
        "alarm", [(s.strike.unit, s.start, s.end, 500 + s.strike.code) for s in life.stops if s.strike.alarm]
    )
    reasons = [(s, s.start + s.strike.named_after) for s in life.stops if s.strike.named is not None]
    found += _overlaid("reason", [(s.strike.unit, at, s.end, s.strike.named or 0) for s, at in reasons if at < s.end])
    found += _overlaid("warning", list(_warnings(life, effects)))
    for path in life.units:
        found += [(f"{path}.{key}", 0.0, 0) for key in ("alarm", "reason", "warning", "set_up")]
    return _latest([change for change in found if change[1] < life.calendar.seconds])


def _warnings(life: Life, effects: Iterable[Effect]) -> Iterator[tuple[str, float, float, int]]:
    """Those that stand for themselves, and those that a stop brought with it."""
    for effect in effects:
        if isinstance(effect, Warn):
            yield effect.unit, effect.at, effect.at + effect.seconds, effect.code
    for stop in life.stops:
        for unit, after, seconds, code in stop.strike.warns:
            yield unit, stop.start + after, stop.start + after + seconds, code


def _overlaid(key: str, spans: list[tuple[str, float, float, int]]) -> list[Change]:
    """A register that shows the code of the latest span that is on, 0 when none is."""
    found: list[Change] = []
    for unit in sorted({span[0] for span in spans}):
        mine = [span for span in spans if span[0] == unit]
        for moment in sorted({edge for _, start, end, _ in mine for edge in (start, end)}):
            on = [(start, code) for _, start, end, code in mine if start <= moment < end]
            found.append((f"{unit}.{key}", moment, max(on)[1] if on else 0))
    return found


def _latest(found: list[Change]) -> list[Change]:
    """In order of time; of several at one moment the last, and none that says nothing new."""
    seen: dict[tuple[str, float], float] = {}
    for tag, at, value in sorted(found, key=lambda change: change[1]):
        seen[tag, round(at, 3)] = value
    shown: dict[str, float] = {}
    fresh = []
    for (tag, at), value in seen.items():
        if shown.get(tag) != value:
            shown[tag] = value
            fresh.append((tag, at, value))
    return fresh
