"""Records into the store: what is new becomes a row, what changed a new version, the same again nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

from mom.records.incoming import copy_in, names, one_writer
from mom.records.row import Row

OWN = ("key", "version", "digest", "valid", "more")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch came to: rows written (`stored`, of which `changed` are new versions) and rows that were there."""

    stored: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.stored + other.stored, self.changed + other.changed, self.unchanged + other.unchanged)


async def store_versions(
    connection: psycopg.AsyncConnection, table: str, site_id: int, source: str, rows: Sequence[Row], now: datetime
) -> Stored:
    """Write `rows` of one noun in the caller's transaction. `now` ends what was believed and begins what is."""
    await one_writer(connection, site_id, source, table)
    last = {row.key: row for row in rows}
    shapes: dict[tuple[str, ...], list[Row]] = {}
    for row in last.values():
        shapes.setdefault(tuple(sorted(row.values)), []).append(row)
    total = Stored(unchanged=len(rows) - len(last))
    for columns, alike in shapes.items():  # a column that is left out gets the table's own default
        total += await _store(connection, table, (site_id, source), columns, alike, now)
    return total


async def _store(
    connection: psycopg.AsyncConnection,
    table: str,
    owner: tuple[int, str],
    columns: Sequence[str],
    rows: Sequence[Row],
    now: datetime,
) -> Stored:
    await copy_in(connection, table, [*OWN, *columns], (_cells(row, columns) for row in rows))
    same = SQL("t.site_id = %s AND t.source = %s AND t.key = i.key AND upper_inf(t.recorded)")
    gone = await connection.execute(
        SQL("DELETE FROM incoming i USING {} t WHERE {} AND t.digest = i.digest").format(Identifier(table), same), owner
    )
    closed = await connection.execute(
        SQL(
            "UPDATE {} t SET recorded = tstzrange(lower(t.recorded), greatest(lower(t.recorded), %s)) "
            "FROM incoming i WHERE {}"
        ).format(Identifier(table), same),
        [now, *owner],
    )
    fields = names([*OWN, *columns])
    added = await connection.execute(
        SQL(
            "INSERT INTO {} (site_id, source, recorded, {}) SELECT %s, %s, tstzrange(%s, NULL), {} "
            "FROM incoming ORDER BY n"
        ).format(Identifier(table), fields, fields),
        [*owner, now],
    )
    return Stored(added.rowcount, closed.rowcount, gone.rowcount)


def _cells(row: Row, columns: Sequence[str]) -> list[Any]:
    valid = Range(row.valid[0], row.valid[1], "[)")
    return [row.key, row.version, row.digest, valid, Jsonb(row.more), *(row.values[name] for name in columns)]
