"""Records into the store: what is new becomes a row, what changed a new version, the same again nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

from mom.models import Base
from mom.records.incoming import copy_in, names, one_writer
from mom.records.row import Row

OWN = ("key", "version", "digest", "valid", "more")
FORMER = """
    CREATE TEMP TABLE former ON COMMIT DROP AS SELECT t.* FROM incoming i CROSS JOIN LATERAL (
      SELECT * FROM {} t WHERE t.site_id = %s AND t.source = %s AND t.key = i.key AND upper_inf(t.recorded) LIMIT 1) t
"""
"""What is known of the keys, found by the index whatever the planner knows of the tables."""
TOLD_AGAIN = """
    UPDATE {} t SET version = (SELECT i.version FROM incoming i WHERE i.key = t.key)
    WHERE t.id = ANY(ARRAY(SELECT f.id FROM former f JOIN incoming i ON i.key = f.key
                           WHERE f.digest = i.digest AND f.version < i.version))
"""
"""The same, told later: an older message that still comes must not win."""
NOTHING_NEW = """
    WITH same AS (
      DELETE FROM former f USING incoming i WHERE i.key = f.key
        AND (f.digest = i.digest OR i.version <> '' AND f.version > i.version) RETURNING f.key
    ) DELETE FROM incoming WHERE key IN (SELECT key FROM same)
"""
CLOSE = """
    UPDATE {} t SET recorded = tstzrange(lower(t.recorded), greatest(lower(t.recorded), %s))
    WHERE t.id = ANY(ARRAY(SELECT f.id FROM former f))
"""
NOT_CARRIED = frozenset({"id", "site_id", "source", "recorded", *OWN})


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch came to: rows written (`stored`, of which `changed` are new versions) and rows that were there."""

    stored: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.stored + other.stored, self.changed + other.changed, self.unchanged + other.unchanged)


async def store_versions(
    connection: psycopg.AsyncConnection,
    table: str,
    owner: tuple[int, str],
    rows: Sequence[Row],
    now: datetime,
    *,
    partial: bool = False,
) -> Stored:
    """Write `rows` of one noun and `owner` (site, source) in the caller's transaction.

    `now` ends what was believed and begins what is. A row whose version is before the one that is known changes
    nothing. `partial`: what a record does not tell stays as it was.
    """
    await one_writer(connection, *owner, table)
    last: dict[str, Row] = {}
    for row in rows:
        if row.key not in last or row.version >= last[row.key].version:
            last[row.key] = row
    shapes: dict[tuple[str, ...], list[Row]] = {}
    for row in last.values():
        shapes.setdefault(tuple(sorted(row.values)), []).append(row)
    total = Stored(unchanged=len(rows) - len(last))
    for columns, alike in shapes.items():  # a column that is left out gets the table's own default
        total += await _store(connection, table, owner, columns, alike, now, partial)
    return total


async def _store(
    connection: psycopg.AsyncConnection,
    table: str,
    owner: tuple[int, str],
    columns: Sequence[str],
    rows: Sequence[Row],
    now: datetime,
    partial: bool,
) -> Stored:
    await copy_in(connection, table, [*OWN, *columns], (_cells(row, columns) for row in rows))
    name = Identifier(table)
    await connection.execute("ANALYZE incoming")
    await connection.execute("DROP TABLE IF EXISTS former")
    await connection.execute(SQL(FORMER).format(name), owner)
    await connection.execute(SQL(TOLD_AGAIN).format(name))
    gone = await connection.execute(NOTHING_NEW)
    closed = await connection.execute(SQL(CLOSE).format(name), [now])
    carried = _carried(table, columns) if partial else []
    changed = await connection.execute(_insert(table, columns, carried), [*owner, now])
    added = await connection.execute(
        SQL("{} WHERE NOT EXISTS (SELECT FROM former WHERE former.key = i.key)").format(_insert(table, columns, None)),
        [*owner, now],
    )
    return Stored(added.rowcount + changed.rowcount, closed.rowcount, gone.rowcount)


def _insert(table: str, columns: Sequence[str], carried: Sequence[str] | None) -> Composed:
    """New versions of what was known (`carried`: columns taken over from it), or, with None, what is new."""
    fields = [*OWN, *columns]
    told = SQL(", ").join(SQL("i.{}").format(Identifier(field)) for field in fields)
    kept = SQL("").join(SQL(", former.{}").format(Identifier(field)) for field in carried or ())
    known = SQL("") if carried is None else SQL(" JOIN former ON former.key = i.key")
    return SQL(
        "INSERT INTO {} (site_id, source, recorded, {}) SELECT %s, %s, tstzrange(%s, NULL), {}{} FROM incoming i{}"
    ).format(Identifier(table), names([*fields, *(carried or ())]), told, kept, known)


def _carried(table: str, columns: Sequence[str]) -> list[str]:
    every = (column.name for column in Base.metadata.tables[table].columns)
    return [name for name in every if name not in NOT_CARRIED and name not in columns]


def _cells(row: Row, columns: Sequence[str]) -> list[Any]:
    valid = Range(row.valid[0], row.valid[1], "[)")
    return [row.key, row.version, row.digest, valid, Jsonb(row.more), *(row.values[name] for name in columns)]
