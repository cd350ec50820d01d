"""What the other systems of a drawn plant know, in the shape in which they send it (see simulator/plant/written.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from simulator.drawn.effects import Delivery, Effect, Move, Note, Work
from simulator.drawn.supply import SUPPLIERS, TOOL, Supply
from simulator.plant.streams import Streams
from simulator.plant.written import Record

if TYPE_CHECKING:
    from simulator.drawn.life import Life
    from simulator.drawn.orders import Order
    from simulator.drawn.readings import Readings

PEOPLE = 6
SAMPLE = 5400.0
"""Seconds between two samples of a machine."""


def records(life: Life, readings: Readings, supply: Supply, effects: Iterable[Effect]) -> list[Record]:
    """In order of time."""
    effects = list(effects)
    late = [Move(e.unit, e.material, e.lot, e.received + 240) for e in effects if isinstance(e, Delivery)]
    moves = [
        *(move for moves in supply.moves.values() for move in moves),
        *(e for e in effects if isinstance(e, Move)),
        *late,
    ]
    works = sorted((effect for effect in effects if isinstance(effect, Work)), key=lambda work: (work.end, work.unit))
    found = [
        *_people(life),
        *(record for orders in life.orders.values() for order in orders for record in _order(life, order)),
        *_lots(life, sorted(moves, key=lambda move: (move.at, move.unit, move.lot))),
        *(_work(life, work) for work in works),
        *(_delivery(life, effect) for effect in effects if isinstance(effect, Delivery)),
        *(_note(life, effect, f"N-{n:03d}") for n, effect in enumerate(effects) if isinstance(effect, Note)),
        *_samples(life, readings),
    ]
    end = life.calendar.at(life.calendar.seconds)
    return sorted(
        (record for record in found if record.at <= end), key=lambda record: (record.at, record.system, record.key)
    )


def _iso(life: Life, seconds: float | None) -> str | None:
    return None if seconds is None else life.calendar.at(round(seconds)).isoformat()


def _people(life: Life) -> Iterator[Record]:
    at = life.calendar.start
    for crew in life.layout.crews:
        for number in range(1, PEOPLE + 1):
            yield Record(
                "erp",
                "person",
                f"{crew}{number}",
                at,
                {"name": f"Person {crew}{number}", "crew": crew, "trade": "operator"},
            )


def _order(life: Life, order: Order) -> Iterator[Record]:
    line = order.product.line
    facts = {
        "product": order.product.id, "quantity": order.quantity, "due_at": _iso(life, order.due), "line": line,
        "release_at": _iso(life, order.released), "priority": 0, "customer": None, "starts_at": _iso(life, order.planned),
    }  # fmt: skip
    at = life.calendar.at
    yield Record("erp", "production_order", order.number, at(0.0), {**facts, "status": "released"})
    if order.started is not None:
        yield Record("erp", "production_order", order.number, at(order.started), {**facts, "status": "running"})
    if order.finished is not None:
        done = {**facts, "status": "done", "good": round(order.good)}
        yield Record("erp", "production_order", order.number, at(order.finished), done)


def _lots(life: Life, moves: list[Move]) -> Iterator[Record]:
    seen = {move.lot for move in moves if move.lot.startswith("LATE")}
    for number, move in enumerate(moves, 1):
        at = life.calendar.at(max(0.0, move.at))
        if move.lot not in seen and move.material != TOOL:
            seen.add(move.lot)
            draw = Streams(life.layout.seed).of("lot", move.lot)
            came = _iso(life, move.at - draw.uniform(4, 40) * 3600)
            facts: dict[str, Any] = {
                "material": move.material,
                "supplier": draw.choice(SUPPLIERS),
                "quantity": draw.randrange(500, 5000, 100),
            }
            yield Record(
                "wms",
                "material_lot",
                move.lot,
                at,
                {**facts, "expected_at": came, "received_at": came, "status": "released"},
            )
        data = {
            "lot": move.lot,
            "material": move.material,
            "quantity": 1,
            "to_equipment": move.unit,
            "at": _iso(life, move.at),
        }
        yield Record("wms", "stock_move", f"MV-{number:05d}", at, data)


def _delivery(life: Life, lot: Delivery) -> Record:
    """Told when it was seen to be late, with the time for which it was then announced; it came at that time."""
    facts = {"material": lot.material, "supplier": SUPPLIERS[0], "quantity": 1000, "status": "released"}
    times = {"expected_at": _iso(life, lot.expected), "received_at": _iso(life, lot.received)}
    return Record("wms", "material_lot", lot.lot, life.calendar.at(lot.received), {**facts, **times})


def _note(life: Life, note: Note, key: str) -> Record:
    data = {
        "equipment": note.unit,
        "author": None,
        "crew": life.calendar.crew_at(note.at),
        "text": note.text,
        "at": _iso(life, note.at),
    }
    return Record("shift_book", "note", key, life.calendar.at(note.at), data)


def _work(life: Life, work: Work) -> Record:
    """One that follows a stop moves with it."""
    planned = [stop for stop in life.stops if stop.strike.trouble == work.follows and work.follows]
    late = min(
        (stop.start - stop.strike.at for stop in planned if abs(stop.strike.at - work.start) < 7200), default=0.0
    )
    start, end = work.start + late, work.end + late
    over = end < life.calendar.seconds
    data = {
        "equipment": work.unit, "part": work.part or None, "kind": work.kind, "title": work.title, "text": work.text,
        "failure_mode": None, "status": "done" if over else "in work", "reported_at": _iso(life, start),
        "started_at": _iso(life, start), "ended_at": _iso(life, end) if over else None, "technician": None,
        "hours": round((end - start) / 3600, 2), "cost": None,
    }  # fmt: skip
    return Record("cmms", "maintenance_order", work.key, life.calendar.at(min(end, life.calendar.seconds)), data)


def _samples(life: Life, readings: Readings) -> Iterator[Record]:
    """The laboratory measures each machine's first quantity itself: a sensor that lies does not deceive it."""
    for path, unit in life.units.items():
        draw = Streams(life.layout.seed).of("laboratory", path)
        at, number = draw.uniform(0, SAMPLE), 0
        while at < life.calendar.seconds:
            number += 1
            quantity = unit.plan.kind.signals[number % len(unit.plan.kind.signals)]
            error = draw.gauss(0.0, 0.7)
            off = error + quantity.ambient * life.calendar.ambient(at) + readings.true_value(path, quantity.key, at)
            order = _on_at(life, path, at)
            if order is not None:
                swing = 5 + abs(quantity.ambient)
                low, high = quantity.level - swing * quantity.spread, quantity.level + swing * quantity.spread
                value = round(quantity.level + off * quantity.spread, 4)
                data = {
                    "equipment": path, "product": order[1], "order": order[0], "characteristic": quantity.name, "value": value,
                    "unit": quantity.unit, "low": round(low, 4), "high": round(high, 4), "passed": low <= value <= high, "at": _iso(life, at),
                }  # fmt: skip
                key = f"{path.replace('/', '-')}-{number:04d}"
                yield Record("lims", "inspection_result", key, life.calendar.at(at), data)
            at += SAMPLE * draw.uniform(0.8, 1.2)


def _on_at(life: Life, path: str, at: float) -> tuple[str, str] | None:
    """(order, product) at a machine then."""
    line = path.partition("/")[0]
    found = None
    for since, where, order, product in life.running:
        if since <= at and (where == line or path == line):
            found = order, product
    return found if life.calendar.shift_at(at) else None
