"""What the other systems of the site know, as plain records: the shape in which they send it, by webhook or file.

A record is `(system, kind, key, at, data)`: which system it comes from (erp, cmms, lims, wms, plm, shift_book), what it
is, its number there, when that system wrote it, and its fields by the names of the store's nouns. Times in `data` are
ISO 8601 in UTC, equipment is the path below the site. A key may come again with a later state (an order: released,
running, done).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.plant.maintenance import WorkOrder
from simulator.plant.material import Lot, Move
from simulator.plant.notes import notes
from simulator.plant.orders import PACE, Order
from simulator.plant.people import WORKERS, permits
from simulator.plant.production import EXPECTED_SCRAP
from simulator.plant.quality import Result
from simulator.plant.shop import booked
from simulator.plant.staff import attended
from simulator.plant.stock import levels
from simulator.plant.wording import SPARES
from simulator.plant.written import Record, iso

if TYPE_CHECKING:
    from simulator.plant.site import Site

__all__ = ["Record", "records"]
STOCK = {"chuck": 2, "fill valves": 6, "level sensor": 1, "web sensor": 3, "layer gripper": 2, "format part": 0}
LEAD_DAYS = {"format part": 15.0, "main drive": 28.0, "head drive": 21.0, "chuck": 4.0}
USED_IN = {
    "depalletiser": ("lift drive", "layer gripper"),
    "filler": ("main drive", "fill valves", "level sensor"),
    "capper": ("chuck", "head drive"),
    "labeller": ("carousel drive", "web sensor"),
    "packer": ("gripper head", "format part", "air valves"),
}
"""Which parts each kind of machine has a spare for."""


def records(site: Site, since: float = -1.0) -> list[Record]:
    """What was written after `since` (seconds from the plant's start; at first everything), in order of time."""
    found = [
        *(_master_data(site) if since < 0 else ()),
        *(record for order in site.orders if order.changed > since for record in _order_states(site, order)),
        *(_work_order(site, order) for order in site.maintenance.orders if not order.ordered and order.known > since),
        *(_lot(site, lot) for lot in site.material.lots.values() if lot.changed > since),
        *(_move(site, move) for move in site.material.moves if move.at > since),
        *(_result(site, result) for result in site.laboratory.results if result.at > since),
        *(_blocked(site, lot) for lot in site.material.lots.values() if lot.status == "blocked"),
        *levels(site, since),
        *attended(site, since),
        *(record for order in site.orders if order.finished is not None for record in booked(site, order)),
        *(Record("shift_book", "note", note.key, note.at, note.data) for note in notes(site, since)),
    ]
    after = site.at(since) if since >= 0 else None
    fresh = [record for record in found if after is None or record.at > after]
    return sorted(fresh, key=lambda record: (record.at, record.key))


def _order_states(site: Site, order: Order) -> Iterator[Record]:
    ends = order.planned_start + order.quantity / order.product.rate * 60 / PACE
    facts = {
        "product": order.product.id,
        "quantity": order.quantity,
        "due_at": iso(site, order.due),
        "release_at": iso(site, max(order.released, order.material_at)),
        "line": order.line,
        "priority": 0,
        "customer": order.customer,
        "planned_scrap": round(order.quantity * EXPECTED_SCRAP),
        "starts_at": iso(site, order.planned_start),
        "ends_at": iso(site, ends),
    }
    for known in (max(0.0, order.released), order.delayed):
        if known is not None:
            yield Record("erp", "production_order", order.number, site.at(known), {**facts, "status": "released"})
    if order.started is not None:
        yield Record("erp", "production_order", order.number, site.at(order.started), {**facts, "status": "running"})
    if order.finished is not None:
        done = {
            **facts,
            "status": "done",
            "good": round(order.good),
            "finished_at": iso(site, order.finished),
        }
        yield Record("erp", "production_order", order.number, site.at(order.finished), done)


def _work_order(site: Site, order: WorkOrder) -> Record:
    data = {
        "equipment": order.machine,
        "part": order.part or None,
        "kind": order.kind,
        "title": order.title,
        "text": order.text,
        "failure_mode": order.failure_mode or None,
        "status": "done" if order.ended is not None else "open",
        "reported_at": iso(site, order.reported),
        "started_at": iso(site, order.started),
        "ended_at": iso(site, order.ended),
        "planned_at": iso(site, order.planned),
        "planned_hours": order.planned_hours,
        "technician": order.technician,
        "hours": order.hours,
        "cost": order.cost,
    }
    return Record("cmms", "maintenance_order", order.number, site.at(max(0.0, order.known)), data)


def _lot(site: Site, lot: Lot) -> Record:
    data = {
        "material": lot.material,
        "supplier": lot.supplier,
        "quantity": lot.quantity,
        "expected_at": iso(site, lot.expected),
        "received_at": iso(site, lot.received),
        "status": lot.status,
    }
    return Record("wms", "material_lot", lot.key, site.at(max(0.0, lot.changed)), data)


def _move(site: Site, move: Move) -> Record:
    data = {
        "lot": move.lot,
        "material": move.material,
        "quantity": move.quantity,
        "to_equipment": move.machine,
        "order": move.order,
        "at": iso(site, move.at),
    }
    return Record("wms", "stock_move", move.key, site.at(move.at), data)


def _result(site: Site, result: Result) -> Record:
    data = {
        "equipment": result.machine,
        "product": result.product,
        "order": result.order,
        "characteristic": result.characteristic,
        "value": result.value,
        "unit": result.unit,
        "low": result.low,
        "high": result.high,
        "passed": result.passed,
        "sample": result.sample,
        "at": iso(site, result.at),
    }
    return Record("lims", "inspection_result", result.key, site.at(result.at), data)


def _blocked(site: Site, lot: Lot) -> Record:
    data = {
        "lot": lot.key,
        "equipment": "line-1/labeller",
        "text": lot.note,
        "status": "closed",
        "at": iso(site, lot.changed),
    }
    return Record("lims", "nonconformance", f"NC-{lot.key}", site.at(lot.changed), data)


def _master_data(site: Site) -> Iterator[Record]:
    """What is there from the first day: products, people, what they may do, spare parts."""
    at = site.at(0.0)
    for product in site.layout.products.values():
        yield Record("plm", "product", product.id, at, {"name": product.name, "code": product.code, "unit": "bottles"})
    for worker in WORKERS:
        yield Record("erp", "person", worker.key, at, {"name": worker.name, "crew": worker.crew, "trade": worker.trade})
    for permit in permits():
        expires = permit.expires.isoformat() if permit.expires else None
        data = {"person": permit.person, "skill": permit.skill, "equipment": permit.machine, "expires_at": expires}
        yield Record("erp", "qualification", permit.key, at, data)
    for number, (part, (name, price)) in enumerate(SPARES.items()):
        fits = [m.path for m in site.machines.values() if part in USED_IN.get(m.kind, ())]
        spare: dict[str, Any] = {
            "name": name,
            "fits": [part, *fits],
            "on_hand": STOCK.get(part, 1),
            "lead_days": LEAD_DAYS.get(part, 10.0),
            "price": price,
        }
        yield Record("cmms", "spare_part", f"SP-{1001 + number}", at, spare)
