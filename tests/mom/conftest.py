"""A small plant in the store, and readings put into it as the collector would."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mom.database.access import Store
from mom.database.partitions import ensure_partitions
from mom.plant.apply import Applied, apply_plant
from mom.plant.schema import Plant

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
STATES = {
    1: "Execute",
    2: "Held",
    3: "Aborted",
    4: "Suspended:starved",
    5: "Suspended:blocked",
    6: "Stopped",
    7: "Idle",
}


def tag(id: str, equipment: str, meaning: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "address": "holding:0", "equipment": equipment, "meaning": meaning, **more}


def machine_tags(name: str, **more: Any) -> list[dict[str, Any]]:
    at = f"line/{name}"
    return [
        tag(f"{name}.state", at, "state", type="uint16", states=STATES),
        tag(f"{name}.set_up", at, "set_up", type="uint16"),
        tag(f"{name}.alarm", at, "alarm", type="uint16", stops=True, texts={7: "E7 jam", 8: "E8 door"}),
        tag(f"{name}.reason", at, "stop_reason", type="uint16", texts={10: "jam", 11: "door"}),
        tag(f"{name}.good", at, "good", type="uint32", **more),
        tag(f"{name}.scrap", at, "scrap", type="uint16", reason="torn"),
    ]


PLANT: dict[str, Any] = {
    "site": {"id": "works", "name": "Works"},
    "time_zone": "Europe/Vienna",
    "calendar": {
        "shifts": [
            {"name": "early", "start": "06:00", "end": "14:00"},
            {"name": "late", "start": "14:00", "end": "22:00"},
        ],
        "rotation": {"crews": ["A", "B"], "anchor": "2026-01-05"},
    },
    "equipment": [
        {
            "id": "line",
            "name": "Line",
            "aliases": ["L1"],
            "constraint": "filler",
            "units": [
                {"id": "filler", "name": "Filler", "level": "work_unit", "ideal_rate": 60, "buffer_after": 100},
                {"id": "packer", "name": "Packer", "level": "work_unit", "ideal_rate": 80},
            ],
        },
        {"id": "press", "name": "Press", "ideal_rate": 60},
    ],
    "products": [
        {"id": "A", "name": "Product A", "code": 1, "rates": {"line": 60}, "margin": 0.5, "material_cost": 0.2},
        {"id": "B", "name": "Product B", "code": 2, "rates": {"line": 30}, "margin": 1.0, "material_cost": 0.4},
    ],
    "set_ups": [{"line": "line", "standard": "20min"}],
    "connectors": [
        {
            "id": "plc",
            "protocol": "modbus",
            "tags": [
                tag("line.order", "line", "order", type="uint32"),
                tag("line.product", "line", "product", type="uint16"),
                *machine_tags("filler"),
                *machine_tags("packer"),
                tag("filler.torque", "line/filler", "signal", unit="Nm", name="torque", low=1.0, high=3.0),
                tag("packer.pressure", "line/packer", "signal", unit="bar", name="air pressure"),
                tag("line.energy", "line", "energy", unit="kWh"),
                tag("press.alarm", "press", "alarm", type="bool", stops=True, name="hydraulics"),
                tag("press.door", "press", "alarm", type="bool", stops=True, name="door"),
                tag("press.warning", "press", "alarm", type="bool", name="filter dirty"),
            ],
        }
    ],
}


@dataclass(frozen=True)
class Works:
    """The plant in a store. `put`: readings (tag, seconds from START, value[, status]) as one batch."""

    store: Store
    applied: Applied
    connection: Any  # kept open, in autocommit mode

    @property
    def site_id(self) -> int:
        return self.applied.site_id

    def equipment(self, path: str) -> int:
        return self.applied.equipment[path]

    async def put(self, *readings: tuple[Any, ...], wakes: bool = True) -> None:
        ranges: dict[int, list[datetime]] = {}
        rows = []
        for name, seconds, value, *status in readings:
            id, equipment = self.applied.tags[name]
            at = at_of(seconds)
            number, text = (None, value) if isinstance(value, str) else (value, None)
            rows.append([id, at, at, number, text, status[0] if status else 0])
            ranges.setdefault(equipment, []).append(at)
        async with self.connection.transaction():
            await ensure_partitions(self.connection, sorted({at_of(r[1]).replace(day=1) for r in readings}))
            async with self.connection.cursor() as cursor:
                await cursor.executemany(
                    "INSERT INTO readings (tag_id, at, received_at, number, text, status)"
                    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    rows,
                )
            for equipment, times in ranges.items():
                await self._touch(self.connection, equipment, min(times), max(times), wakes)

    async def gap(self, start: float, end: float | None, tag: str | None = None) -> None:
        id = self.applied.tags[tag][0] if tag else None
        upto = at_of(end) if end is not None else None
        async with self.connection.transaction():
            await self.connection.execute(
                "INSERT INTO gaps (site_id, connector, tag_id, started_at, ended_at, reason) VALUES (%s, 'plc', %s, %s, %s, 'lost')",
                [self.site_id, id, at_of(start), upto],
            )
            for equipment in {equipment for _, equipment in self.applied.tags.values()}:
                await self._touch(self.connection, equipment, at_of(start), upto or at_of(start), True)

    async def _touch(self, connection: Any, equipment: int, start: datetime, end: datetime, wakes: bool) -> None:
        await connection.execute(
            "INSERT INTO touched (site_id, equipment_id, from_at, to_at, wakes) VALUES (%s, %s, %s, %s, %s)",
            [self.site_id, equipment, start, end, wakes],
        )

    async def rows(self, table: str, columns: str, where: str = "superseded_at IS NULL") -> list[tuple[Any, ...]]:
        """Rows of a table, times as seconds from START."""
        query = f"SELECT {columns} FROM {table} WHERE {where} ORDER BY started_at, equipment_id, id"
        found = await (await self.connection.execute(query)).fetchall()
        return [tuple((v - START).total_seconds() if isinstance(v, datetime) else v for v in row) for row in found]


def at_of(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


MakeWorks = Callable[..., Awaitable[Works]]


@pytest.fixture
async def make_works(database: Store) -> AsyncIterator[MakeWorks]:
    """Puts the plant into the store; `changes` are other top-level blocks of its file."""
    async with await database.connect(autocommit=True) as connection:

        async def make(changes: Sequence[tuple[str, Any]] = ()) -> Works:
            plant = Plant.model_validate({**PLANT, **dict(changes)})
            async with database.write() as session:
                applied = await apply_plant(session, plant)
                await session.commit()
            return Works(database, applied, connection)

        yield make


@pytest.fixture
def plant_file() -> dict[str, Any]:
    """The plant's file, as blocks: to be changed by `make_works`."""
    return PLANT


@pytest.fixture
async def works(make_works: MakeWorks) -> Works:
    return await make_works()
