"""The plant file of a drawn plant, as data: what an integrator would have written for it."""

from __future__ import annotations

from functools import partial
from typing import Any

from simulator.drawn.calendar import ANCHOR
from simulator.drawn.codes import alarms, reasons
from simulator.drawn.layout import Layout, LinePlan, UnitPlan
from simulator.drawn.utilities import UTILITIES
from simulator.packml import STATES

WIDE = 5.0
"""Spreads from a quantity's level to the ends of its normal range, beyond what the weather does."""
SYSTEMS = ("erp", "cmms", "lims", "wms", "plm", "shift_book")


def plant_file(layout: Layout) -> dict[str, Any]:
    """Valid for `mom.plant.schema.Plant`. Addresses need no server: the past is loaded."""
    clock = "{:02d}:00".format
    products = [product for line in layout.lines for product in line.products]
    return {
        "site": {"id": f"drawn-{layout.seed}", "name": f"Drawn plant {layout.seed}"},
        "time_zone": layout.zone,
        "currency": "EUR",
        "minor_stop": "5min",
        "calendar": {
            "shifts": [{"name": n, "start": clock(start), "end": clock(end)} for n, start, end in layout.shifts],
            "rotation": {"crews": list(layout.crews), "anchor": ANCHOR.isoformat(), "every": "day"},
        },
        "equipment": [*(_line(line, layout) for line in layout.lines), *_shared(layout), _utilities()],
        "products": [_product(layout.line_of(product.line), product) for product in products],
        "set_ups": [{"line": line.path, "standard": f"{line.set_up_minutes:g}min"} for line in layout.lines],
        "costs": {
            "line_hour": {line.path: line.hour for line in layout.lines},
            "energy_kwh": layout.energy_kwh,
            "technician_hour": 60,
            "late_order_day": layout.late_day,
        },
        "systems": [
            {"id": name, "kind": "other" if name == "shift_book" else name, "mapping": f"examples/webhooks/{name}.yaml"}
            for name in SYSTEMS
        ],
        "connectors": _connectors(layout),
    }


def _line(line: LinePlan, layout: Layout) -> dict[str, Any]:
    units = []
    for index, stage in enumerate(line.stages):
        for unit in stage:
            made = _unit(unit) | {"ideal_rate": round(unit.speed, 2)}
            if index < len(line.stages) - 1 or layout.shared:
                made["buffer_after"] = int(line.room[index])
            if len(stage) > 1:
                made["stage"] = index
            units.append(made)
    block = {"id": line.path, "name": line.name, "constraint": line.constraint.rpartition("/")[2], "units": units}
    return block | ({"feeds": layout.shared.path} if layout.shared else {})


def _unit(unit: UnitPlan) -> dict[str, Any]:
    return {"id": unit.path.rpartition("/")[2], "name": unit.name, "level": "work_unit", "parts": list(unit.kind.parts)}


def _shared(layout: Layout) -> list[dict[str, Any]]:
    if layout.shared is None:
        return []
    return [_unit(layout.shared) | {"level": "work_center", "ideal_rate": layout.shared.speed}]


def _utilities() -> dict[str, Any]:
    units = [
        {"id": path.rpartition("/")[2], "name": path.rpartition("/")[2].title(), "level": "work_unit"}
        for path, _ in UTILITIES
    ]
    return {"id": "utilities", "name": "Utilities", "level": "area", "units": units}


def _product(line: LinePlan, product: Any) -> dict[str, Any]:
    by_unit = {unit.path: line.rate(unit, product) for unit in line.units}
    rates = {line.path: by_unit[line.constraint], **by_unit}
    return {
        "id": product.id, "name": product.name, "code": product.code, "rates": rates, "margin": product.margin,
        "material_cost": product.material_cost,
    }  # fmt: skip


def _connectors(layout: Layout) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(layout.lines):
        tags = [
            {"id": f"{line.path}.order", "type": "uint32", "equipment": line.path, "meaning": "order"},
            {"id": f"{line.path}.product", "type": "uint16", "equipment": line.path, "meaning": "product"},
            {
                "id": f"{line.path}.energy",
                "type": "float64",
                "equipment": line.path,
                "meaning": "energy",
                "unit": "kWh",
            },
            *(tag for unit in line.units for tag in unit_tags(unit)),
        ]
        found.append(_connector(line.path, layout.protocols[line.path], 15100 + number, tags))
    if layout.shared:
        found.append(_connector("palletiser", "modbus", 15110, unit_tags(layout.shared)))
    air = [_signal(partial(_tag, path), quantity) for path, quantity in UTILITIES]
    return [*found, _connector("utilities", "modbus", 15120, air)]


def _tag(path: str, key: str, kind: str, meaning: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{path}.{key}", "type": kind, "equipment": path, "meaning": meaning, **more}


def unit_tags(unit: UnitPlan) -> list[dict[str, Any]]:
    """A machine's tags, but for their addresses."""

    tag = partial(_tag, unit.path)
    return [
        tag("state", "uint16", "state", states=STATES),
        tag("set_up", "uint16", "set_up"),
        tag("alarm", "uint16", "alarm", stops=True, texts=alarms()),
        tag("warning", "uint16", "alarm", texts=alarms()),
        tag("reason", "uint16", "stop_reason", texts=reasons()),
        tag("good", "uint32", "good", unit="pcs"),
        *(tag(f"scrap_{i + 1}", "uint32", "scrap", unit="pcs", reason=why) for i, why in enumerate(unit.kind.scrap)),
        *(_signal(tag, quantity) for quantity in unit.kind.signals),
    ]


def _signal(tag: Any, quantity: Any) -> dict[str, Any]:
    swing = quantity.spread * (WIDE + abs(quantity.ambient))
    low = round(min(quantity.level * (1 - quantity.load), quantity.level) - swing, 4)
    made: dict[str, Any] = tag(quantity.key, "float64", "signal", unit=quantity.unit, name=quantity.name)
    return made | {"low": low, "high": round(quantity.level + swing, 4)}


def _connector(name: str, protocol: str, port: int, tags: list[dict[str, Any]]) -> dict[str, Any]:
    if protocol == "opcua":
        placed = [tag | {"address": f"ns=2;s={tag['id'].replace('/', '.')}"} for tag in tags]
        return {"id": name, "protocol": "opcua", "url": f"opc.tcp://127.0.0.1:{port}/{name}", "tags": placed}
    width = {"uint16": 1, "uint32": 2, "float64": 4}
    at, placed = 0, []
    for tag in tags:
        placed.append(tag | {"address": f"holding:{at}"})
        at += width[tag["type"]]
    return {
        "id": name,
        "protocol": "modbus",
        "host": "127.0.0.1",
        "port": port,
        "unit": 1,
        "every": "1s",
        "tags": placed,
    }
