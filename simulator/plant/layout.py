"""What the simulator takes from a plant file: lines, products, calendar, and where each tag stands."""

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class TagSpec:
    """A tag of the plant file. `key` is the last part of its id and names the quantity: state, good, torque …"""

    id: str
    address: str
    type: str
    equipment: str
    meaning: str
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""

    @property
    def key(self) -> str:
        return self.id.rsplit(".", 1)[-1]

    @property
    def counts(self) -> bool:
        return self.meaning in ("good", "scrap", "produced", "rework", "energy") or self.unit == "cases"


@dataclass(frozen=True)
class ConnectorSpec:
    id: str
    protocol: str
    options: dict[str, Any]
    tags: tuple[TagSpec, ...]


@dataclass(frozen=True)
class MachineSpec:
    path: str
    kind: str
    rate: float  # pieces per minute
    buffer_after: int


@dataclass(frozen=True)
class LineSpec:
    path: str
    constraint: str
    machines: tuple[MachineSpec, ...]


@dataclass(frozen=True)
class ProductSpec:
    id: str
    code: int
    name: str
    line: str
    rate: float  # bottles per minute of the line's constraint
    margin: float
    material_cost: float


@dataclass(frozen=True)
class ShiftSpec:
    name: str
    start: time
    end: time
    days: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The plant file, as far as the simulator needs it. Money is in `currency`."""

    site: str
    time_zone: str
    currency: str
    shifts: tuple[ShiftSpec, ...]
    crews: tuple[str, ...]
    anchor: date
    rotates: str  # day or week
    exceptions: dict[date, tuple[str, ...]]  # the shifts of a day that differs
    lines: tuple[LineSpec, ...]
    palletiser_rate: float
    products: dict[str, ProductSpec]
    set_ups: tuple[dict[str, Any], ...]
    connectors: tuple[ConnectorSpec, ...]
    line_hour: dict[str, float] = field(default_factory=dict)
    energy_kwh: float = 0.0
    systems: dict[str, str] = field(default_factory=dict)  # id to the address that it is told things at

    @property
    def tags(self) -> tuple[TagSpec, ...]:
        return tuple(tag for connector in self.connectors for tag in connector.tags)

    def set_up_minutes(self, line: str, old: str, new: str) -> float:
        """The standard change-over; the rule that names most counts."""
        fitting = [
            r for r in self.set_ups if r["line"] == line and r.get("from", old) == old and r.get("to", new) == new
        ]
        best = max(fitting, key=lambda r: ("from" in r) + ("to" in r), default={"standard": "30min"})
        return float(str(best["standard"]).removesuffix("min"))


def read_layout(path: Path) -> Layout:
    """The layout in the plant file at `path`.

    Raises ValueError, naming the block, when the file is no bottling site such as the engine simulates.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    nodes = {node["id"]: node for node in data["equipment"]}
    lines = tuple(_line(node) for node in data["equipment"] if node.get("feeds"))
    if not lines or "palletiser" not in nodes:
        raise ValueError(f"{path}: equipment: the simulated site needs lines that feed `palletiser`")
    rotation = data["calendar"]["rotation"]
    costs = data.get("costs", {})
    return Layout(
        site=data["site"]["id"],
        time_zone=data["time_zone"],
        currency=data["currency"],
        shifts=tuple(_shift(shift) for shift in data["calendar"]["shifts"]),
        crews=tuple(rotation["crews"]),
        anchor=rotation["anchor"],
        rotates=rotation["every"],
        exceptions={e["date"]: tuple(e.get("shifts", ())) for e in data["calendar"].get("exceptions", ())},
        lines=lines,
        palletiser_rate=float(nodes["palletiser"]["ideal_rate"]),
        products={p["id"]: _product(p) for p in data["products"]},
        set_ups=tuple(data["set_ups"]),
        connectors=tuple(_connector(c) for c in data["connectors"]),
        line_hour={line: float(cost) for line, cost in costs.get("line_hour", {}).items()},
        energy_kwh=float(costs.get("energy_kwh", 0)),
        systems={s["id"]: s["url"] for s in data.get("systems", []) if s.get("url")},
    )


def _line(node: dict[str, Any]) -> LineSpec:
    machines = tuple(
        MachineSpec(f"{node['id']}/{unit['id']}", unit["id"], float(unit["ideal_rate"]), int(unit["buffer_after"]))
        for unit in node["units"]
    )
    return LineSpec(node["id"], node["constraint"], machines)


def _product(p: dict[str, Any]) -> ProductSpec:
    (line, rate), *_ = p["rates"].items()
    return ProductSpec(p["id"], p["code"], p["name"], line, float(rate), float(p["margin"]), float(p["material_cost"]))


def _shift(s: dict[str, Any]) -> ShiftSpec:
    days = tuple(s.get("days", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")))
    return ShiftSpec(s["name"], time.fromisoformat(s["start"]), time.fromisoformat(s["end"]), days)


def _connector(c: dict[str, Any]) -> ConnectorSpec:
    known = TagSpec.__dataclass_fields__
    tags = tuple(
        TagSpec(**{k: v for k, v in {"type": "float64", "meaning": "signal", **t}.items() if k in known})
        for t in c["tags"]
    )
    options = {k: v for k, v in c.items() if k not in ("id", "protocol", "tags")}
    return ConnectorSpec(c["id"], c["protocol"], options, tags)
