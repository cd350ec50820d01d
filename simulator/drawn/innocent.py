"""Changes at the moment when a trouble begins that have nothing to do with it: for whoever looks for a cause."""

from __future__ import annotations

from simulator.drawn.calendar import Calendar
from simulator.drawn.effects import Effect, Move, Signal, Trouble, Work
from simulator.drawn.layout import Layout, UnitPlan
from simulator.drawn.supply import Supply
from simulator.plant.streams import Streams

HOW_OFTEN = 0.3
SMALL = (2.0, 3.0)
"""Spreads: a step that one can see and that is within what is normal."""


def innocents(layout: Layout, calendar: Calendar, supply: Supply, troubles: list[Trouble]) -> list[Trouble]:
    """Named after the troubles: t9, t10 …"""
    found: list[Trouble] = []
    streams = Streams(layout.seed)
    for trouble in troubles:
        draw = streams.of("innocent", trouble.name)
        if draw.random() >= HOW_OFTEN or "/" not in trouble.equipment or trouble.start < 3600:
            continue
        name, unit = f"t{len(troubles) + len(found) + 1}", layout.unit(trouble.equipment)
        at = trouble.start - draw.uniform(60, 900)
        what = draw.choice(("signal", "lot", "maintenance"))
        if what == "lot" and unit.kind.material and trouble.cause["kind"] != "lot":
            found.append(_lot(name, unit, at))
        elif what == "maintenance" and trouble.cause["kind"] != "maintenance":
            found.append(_work(name, unit, at))
        elif what == "signal":
            used = {effect.key for effect in trouble.effects if isinstance(effect, Signal)}
            free = [quantity for quantity in unit.kind.signals if quantity.key not in used]
            if free:
                size = draw.choice((-1, 1)) * draw.uniform(*SMALL)
                found.append(_signal(name, unit, draw.choice(free).key, at, at + draw.uniform(1800, 7200), size))
    return found


def _innocent(name: str, kind: str, unit: UnitPlan, start: float, end: float, effect: Effect, says: str) -> Trouble:
    return Trouble(
        name, f"innocent_{kind}", (), unit.path, start, end, {"kind": "none"}, says, costs=False, innocent=True,
        knowable=False, effects=[effect],
    )  # fmt: skip


def _lot(name: str, unit: UnitPlan, at: float) -> Trouble:
    lot = f"{unit.kind.material[:2].upper()}{unit.path[5:6]}-X{round(at)}"
    says = f"Lot {lot} of {unit.kind.material} was put on at {unit.name}; it was as good as any."
    return _innocent(name, "lot", unit, at, at, Move(unit.path, unit.kind.material, lot, at), says)


def _work(name: str, unit: UnitPlan, at: float) -> Trouble:
    part = unit.kind.parts[0]
    work = Work(
        f"MO-{name}",
        unit.path,
        at - 1500,
        at,
        "inspection",
        f"{unit.name}: looked over",
        f"{part} inspected, in order.",
        part,
    )
    return _innocent(
        name, "maintenance", unit, at - 1500, at, work, f"{unit.name} was looked over; nothing was changed."
    )


def _signal(name: str, unit: UnitPlan, key: str, start: float, end: float, size: float) -> Trouble:
    says = f"{key} of {unit.name} stood a little off for a while, within what is normal; it did nothing."
    return _innocent(name, "signal", unit, start, end, Signal(unit.path, key, start, end, "step", size), says)
