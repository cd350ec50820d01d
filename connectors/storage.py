"""From the spool to rows, one transaction a batch: a bare COPY while all is new, else over a temporary table."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg

from connectors.batch import Batch, Place, make_batch
from connectors.gaps import Gap, store_gaps
from connectors.packing import COPY_HEADER, COPY_TRAILER
from connectors.spool_file import Entry
from mom.database.partitions import ensure_partitions

CHANNEL = "lineside_readings"
COLUMNS = "(tag_id, at, received_at, number, text, status)"
CAREFUL_BATCHES = 8
"""After a batch with repeats, so many go over the temporary table at once, without a bare COPY that would fail."""
_INCOMING = "CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE readings) ON COMMIT DELETE ROWS"
_TOUCH = """
    INSERT INTO touched (site_id, equipment_id, from_at, to_at)
    SELECT %(site)s, e, f, t
    FROM unnest(%(equipment)s::int[], %(first)s::timestamptz[], %(last)s::timestamptz[]) AS given (e, f, t)
"""
_TOUCH_PAST = """
    WITH given AS (
        SELECT e, f, t
        FROM unnest(%(equipment)s::int[], %(first)s::timestamptz[], %(last)s::timestamptz[]) AS g (e, f, t)
    ), merged AS (
        UPDATE touched SET from_at = least(from_at, f), to_at = greatest(to_at, t)
        FROM given WHERE site_id = %(site)s AND equipment_id = e AND NOT wakes RETURNING e
    )
    INSERT INTO touched (site_id, equipment_id, from_at, to_at, wakes)
    SELECT %(site)s, e, f, t, false FROM given WHERE e NOT IN (SELECT e FROM merged)
"""
_WAIT = """
    INSERT INTO waiting_items (site_id, source, noun, key, digest, body, field, reason)
    VALUES (%s, %s, 'readings', %s, %s, %s, 'value', %s) ON CONFLICT DO NOTHING
"""
Connection = psycopg.AsyncConnection[Any]


@dataclass(slots=True)
class Stored:
    """Of a batch: `rows` are new, `repeats` were there already, `waiting` were refused, `gaps` are news."""

    rows: int = 0
    repeats: int = 0
    waiting: int = 0
    gaps: list[Gap] = field(default_factory=list)


class Storage:
    """Stores spool entries. `places`: by the spool's tag numbers. `wakes`: live ones; a past that is loaded wakes
    nobody, and touches each equipment once."""

    def __init__(
        self, site_id: int, places: Mapping[int, Place], names: Mapping[int, str], *, wakes: bool = True
    ) -> None:
        self.site_id, self.wakes, self._names = site_id, wakes, names
        most = max(names, default=0) + 1
        self._tag_ids, self._equipment = np.full(most, -1, np.int64), np.full(most, -1, np.int64)
        for number, place in places.items():
            self._tag_ids[number], self._equipment[number] = place.tag_id, place.equipment_id
        self._connectors = {names[number]: place.connector for number, place in places.items()}
        self._tag_of = {names[number]: place.tag_id for number, place in places.items()}
        self._places = places
        self._months: set[tuple[int, int]] = set()
        self._careful = 0

    async def store(self, connection: Connection, entries: Sequence[Entry]) -> Stored:
        """All of it, or (with an error of psycopg's) nothing. `connection`: in autocommit mode."""
        batch = make_batch(entries, self._tag_ids, self._names)
        if not self._careful:
            try:
                return await self._write(connection, batch, careful=False)
            except psycopg.errors.UniqueViolation:
                self._careful = CAREFUL_BATCHES
        stored = await self._write(connection, batch, careful=True)
        self._careful = CAREFUL_BATCHES if stored.repeats else self._careful - 1
        return stored

    async def _write(self, connection: Connection, batch: Batch, *, careful: bool) -> Stored:
        async with connection.transaction():
            await self._ensure_months(connection, batch)
            rows = await (_merge if careful else _copy)(connection, batch)
            await self._touch(connection, batch)
            for item in batch.refused:
                await self._wait(connection, item)
            gaps = await store_gaps(connection, self.site_id, batch.gaps, self._tag_of, self._equipment_of_connector)
            if len(batch) or batch.gaps:
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(self.site_id)])
        return Stored(rows, len(batch) - rows, len(batch.refused), gaps)

    async def _ensure_months(self, connection: Connection, batch: Batch) -> None:
        new = [at for at in batch.months() if (at.year, at.month) not in self._months]
        if new:
            await ensure_partitions(connection, new)
            self._months |= {(at.year, at.month) for at in new}

    async def _touch(self, connection: Connection, batch: Batch) -> None:
        touched = batch.touched(self._equipment)
        if touched:
            row = {
                "site": self.site_id,
                "equipment": [touch.equipment_id for touch in touched],
                "first": [touch.from_at for touch in touched],
                "last": [touch.to_at for touch in touched],
            }
            await connection.execute(_TOUCH if self.wakes else _TOUCH_PAST, row)

    async def _wait(self, connection: Connection, item: dict[str, Any]) -> None:
        body = json.dumps(item, sort_keys=True)
        key = f"{item['tag']} {item['at']}"
        digest = hashlib.sha256(body.encode()).hexdigest()
        source = self._connectors.get(item["tag"], "collector")
        await connection.execute(_WAIT, [self.site_id, source, key, digest, body, item["reason"]])

    def _equipment_of_connector(self, connector: str) -> list[int]:
        return sorted({place.equipment_id for place in self._places.values() if place.connector == connector})


async def _copy(connection: Connection, batch: Batch) -> int:
    if len(batch):
        await _copy_into(connection, "readings", batch.body)
    return len(batch)


async def _merge(connection: Connection, batch: Batch) -> int:
    """How many rows were new; a reading is known by its tag and time, and the first one stays."""
    if not len(batch):
        return 0
    await connection.execute(_INCOMING)
    await _copy_into(connection, "incoming", batch.body)
    merged = await connection.execute(
        f"INSERT INTO readings {COLUMNS} SELECT tag_id, at, received_at, number, text, status FROM incoming"
        " ON CONFLICT DO NOTHING"
    )
    return merged.rowcount


async def _copy_into(connection: Connection, table: str, body: bytes) -> None:
    statement = f"COPY {table} {COLUMNS} FROM STDIN (FORMAT BINARY)"
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        await copy.write(COPY_HEADER + body + COPY_TRAILER)
