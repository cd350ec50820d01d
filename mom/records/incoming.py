"""Rows on their way in: a temporary table like the noun's own, filled by COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


async def copy_in(
    connection: psycopg.AsyncConnection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Fill `incoming` (n, then `columns` of `table`) with `rows`; it goes with the transaction."""
    await connection.execute("DROP TABLE IF EXISTS incoming")
    await connection.execute(
        SQL("CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT 0 AS n, {} FROM {} WITH NO DATA").format(
            names(columns), Identifier(table)
        )
    )
    into = SQL("COPY incoming (n, {}) FROM STDIN").format(names(columns))
    async with connection.cursor() as cursor, cursor.copy(into) as copy:
        for number, row in enumerate(rows):
            await copy.write_row((number, *row))


async def one_writer(connection: psycopg.AsyncConnection, site_id: int, source: str, table: str) -> None:
    """Two imports of one source at once take turns, batch by batch."""
    await connection.execute(LOCK, [f"records:{site_id}:{source}:{table}"])


def names(columns: Sequence[str]) -> Composed:
    return SQL(", ").join(Identifier(column) for column in columns)
