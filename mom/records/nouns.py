"""What records can become: each noun of the store with the fields that a mapping may fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Boolean, Column, DateTime, Float, Integer, Numeric, Table, Text

from mom.models import Base
from mom.models.base import Record
from mom.records.values import Kind

EQUIPMENT_FIELDS = frozenset({"equipment", "line", "from_equipment", "to_equipment"})
VERSION_FIELDS = frozenset({"version", "valid_from", "valid_to"})
NOT_MAPPED = frozenset({"id", "site_id", "source", "key", "digest", "valid", "recorded", "more", "proposal_id"})
UNITS = {
    ("counts", "ideal_seconds"): "s",
    ("maintenance_orders", "hours"): "h",
    ("maintenance_orders", "planned_hours"): "h",
    ("spare_parts", "lead_days"): "d",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One field of a noun. `unit`: what a duration is kept in."""

    name: str
    kind: Kind
    required: bool = False
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class RecordNoun:
    """`table` has a version a row, or is `counts` or `equipment`, which have ways of their own."""

    name: str
    fields: Mapping[str, Target]

    @property
    def required(self) -> list[str]:
        return [target.name for target in self.fields.values() if target.required]


COUNTS = RecordNoun(
    "counts",
    {
        target.name: target
        for target in (
            Target("equipment", "text", True),
            Target("started_at", "time", True),
            Target("ended_at", "time", True),
            Target("produced", "number", True),
            Target("good", "number"),
            Target("scrap", "number"),
            Target("rework", "number"),
            Target("product", "text"),
            Target("order", "text"),
            Target("tool", "text"),
            Target("shift", "text"),
            Target("ideal_seconds", "number", unit="s"),
        )
    },
)
EQUIPMENT = RecordNoun(
    "equipment",
    {
        target.name: target
        for target in (
            Target("code", "text", True),
            Target("name", "text"),
            Target("parent", "text"),
            Target("level", "text"),
            Target("ideal_rate", "number"),
            Target("aliases", "list"),
        )
    },
)


@cache
def nouns() -> dict[str, RecordNoun]:
    found = {"counts": COUNTS, "equipment": EQUIPMENT}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Record):
            table = mapper.local_table
            assert isinstance(table, Table)
            found[table.name] = _of_table(table)
    return dict(sorted(found.items()))


def _of_table(table: Table) -> RecordNoun:
    fields = {column.name: _target(table.name, column) for column in table.columns if column.name not in NOT_MAPPED}
    fields["valid_from"] = Target("valid_from", "time")
    fields["version"] = Target("version", "text")
    fields["valid_to"] = Target("valid_to", "time")
    return RecordNoun(table.name, fields)


def _target(table: str, column: Column[Any]) -> Target:
    required = not column.nullable and column.server_default is None
    return Target(column.name, _kind(column), required, UNITS.get((table, column.name)))


def _kind(column: Column[Any]) -> Kind:
    kinds: list[tuple[type, Kind]] = [
        (ARRAY, "list"),
        (DateTime, "time"),
        (Boolean, "bool"),
        (Integer, "int"),
        (Float, "number"),
        (Numeric, "number"),
        (Text, "text"),
    ]
    return next(kind for sql, kind in kinds if isinstance(column.type, sql))
