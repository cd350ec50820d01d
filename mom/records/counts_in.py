"""Counts that a system reports, into the store: one row for its key, corrected in place, its id kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from mom.records.incoming import copy_in, one_writer
from mom.records.row import Row
from mom.records.versions import Stored

VALUES = [
    "started_at",
    "ended_at",
    "product",
    "order",
    "tool",
    "shift",
    "produced",
    "good",
    "scrap",
    "rework",
    "ideal_seconds",
    "digest",
    "more",
    "equipment_id",
]
QUOTED = ", ".join(f'"{name}"' for name in VALUES)
UPSERT = f"""
    INSERT INTO counts (site_id, source, key, recorded_at, {QUOTED})
    SELECT %s, %s, key, %s, {QUOTED} FROM incoming ORDER BY n
    ON CONFLICT (site_id, source, key) WHERE key <> '' DO UPDATE
    SET recorded_at = excluded.recorded_at, {", ".join(f'"{name}" = excluded."{name}"' for name in VALUES)}
    WHERE counts.digest <> excluded.digest
    RETURNING id, key, xmax <> 0
"""
TOUCH = """
    INSERT INTO touched (site_id, equipment_id, from_at, to_at, wakes)
    SELECT site_id, equipment_id, min(started_at), max(ended_at), false FROM counts WHERE id = ANY(%s)
    GROUP BY site_id, equipment_id
"""


async def store_counts(
    connection: psycopg.AsyncConnection, site_id: int, source: str, rows: Sequence[Row], now: datetime
) -> Stored:
    """Write `rows` in the caller's transaction; their `values["equipment"]` is the equipment's id by now."""
    await one_writer(connection, site_id, source, "counts")
    last = {row.key: row for row in rows}
    await copy_in(connection, "counts", ["key", *VALUES], (_cells(row) for row in last.values()))
    cursor = await connection.execute(UPSERT, [site_id, source, now])
    written: list[tuple[int, str, bool]] = await cursor.fetchall()
    if written:
        await _store_reasons(connection, last, written)
        await connection.execute(TOUCH, [[identity for identity, _, _ in written]])
    changed = sum(was_there for _, _, was_there in written)
    return Stored(len(written), changed, len(rows) - len(written))


async def _store_reasons(
    connection: psycopg.AsyncConnection, rows: dict[str, Row], written: list[tuple[int, str, bool]]
) -> None:
    before = [identity for identity, _, was_there in written if was_there]
    if before:
        await connection.execute("DELETE FROM scrap_counts WHERE count_id = ANY(%s)", [before])
    async with (
        connection.cursor() as cursor,
        cursor.copy("COPY scrap_counts (count_id, reason, quantity) FROM STDIN") as copy,
    ):
        for identity, key, _ in written:
            for reason, quantity in rows[key].scrap_by.items():
                await copy.write_row((identity, reason, quantity))


def _cells(row: Row) -> list[Any]:
    own = {"digest": row.digest, "more": Jsonb(row.more), "equipment_id": row.values["equipment"]}
    return [row.key, *(own[name] if name in own else row.values.get(name) for name in VALUES)]
