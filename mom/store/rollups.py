"""What is kept by the hour, as rows: bases, marks, hours and days."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window

BASES = text("""
SELECT b.id, b.equipment_id, b.digest, b.names, b.built_from, b.built_to FROM rollup_bases b
WHERE b.equipment_id = ANY(CAST(:ids AS int[])) ORDER BY b.id
""")
KNOWN = text("""
SELECT true, b.id, b.equipment_id, b.built_from, b.built_to, b.digest, b.names FROM rollup_bases b
WHERE b.equipment_id = ANY(CAST(:ids AS int[]))
UNION ALL
SELECT false, id, equipment_id, from_at, to_at, NULL, NULL FROM rollup_marks
WHERE equipment_id = ANY(CAST(:ids AS int[]))
""")
ROWS: LiteralString = """
SELECT basis_id, hours, at, array_send(values), said FROM rollups
WHERE basis_id = ANY(%s) AND hours = %s AND at >= %s AND at < %s ORDER BY basis_id, at
"""
FIRST = text("""
SELECT least(
  (SELECT min(f.at) FROM unnest(CAST(:ids AS int[])) AS e(id) CROSS JOIN LATERAL (
    SELECT started_at AS at FROM state_intervals s WHERE s.equipment_id = e.id AND s.superseded_at IS NULL
      AND started_at >= :since ORDER BY started_at LIMIT 1) f),
  (SELECT min(f.at) FROM unnest(CAST(:ids AS int[])) AS e(id) CROSS JOIN LATERAL (
    SELECT started_at AS at FROM counts c WHERE c.equipment_id = e.id AND started_at >= :since
    ORDER BY started_at LIMIT 1) f))
""")
OPEN = text("""
SELECT e.id, min(o.at) FROM unnest(CAST(:ids AS int[])) AS e(id) CROSS JOIN LATERAL (
  (SELECT started_at AS at, ended_at FROM state_intervals s
   WHERE s.equipment_id = e.id AND s.superseded_at IS NULL ORDER BY started_at DESC LIMIT 1)
  UNION ALL
  (SELECT started_at, ended_at FROM stops s
   WHERE s.equipment_id = e.id AND s.superseded_at IS NULL ORDER BY started_at DESC LIMIT 1)) o
WHERE o.ended_at IS NULL GROUP BY e.id
""")
"""Of a machine only the last row can last: one that begins later ends it."""
HOLES = text("""
INSERT INTO rollup_marks (equipment_id, from_at, to_at)
SELECT e.id, CASE WHEN before.at > e.low - interval '4 minutes' THEN e.low ELSE coalesce(before.at, e.low - interval '7 days') END,
  CASE WHEN after.at < e.high + interval '2 minutes' THEN e.high ELSE coalesce(after.at, e.high + interval '7 days') END
FROM unnest(CAST(:ids AS int[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS e(id, low, high)
LEFT JOIN LATERAL (
  SELECT started_at AS at FROM counts c WHERE c.equipment_id = e.id AND c.source = 'plc' AND c.good > 0
    AND c.produced > 0 AND started_at < e.low - interval '1 minute' AND started_at > e.low - interval '7 days'
  ORDER BY started_at DESC LIMIT 1) before ON true
LEFT JOIN LATERAL (
  SELECT started_at AS at FROM counts c WHERE c.equipment_id = e.id AND c.source = 'plc' AND c.good > 0
    AND c.produced > 0 AND started_at >= e.high AND started_at < e.high + interval '7 days'
  ORDER BY started_at LIMIT 1) after ON true
WHERE EXISTS (
  SELECT FROM tags t WHERE t.equipment_id = e.id AND t.active AND t.meaning IN ('produced', 'good'))
""")
"""Whether pieces are known at a time, and whether it is a change-over, hangs on the counts before and after it
(mom/store/uncounted.py, mom/store/change_overs.py)."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What hours of an equipment were computed by, and which are there: all of `built`."""

    id: int
    equipment: int
    digest: str
    names: tuple[str, ...]
    built: Window | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Rows of an equipment changed in a range: what was kept of it does not hold."""

    id: int
    equipment: int
    window: Window


async def bases_in(session: AsyncSession, ids: Collection[int]) -> list[Basis]:
    rows = (await session.execute(BASES, {"ids": list(ids)})).all()
    return [Basis(r[0], r[1], r[2], tuple(r[3]), Window(r[4], r[5]) if r[4] and r[5] else None) for r in rows]


async def known_of(session: AsyncSession, ids: Collection[int]) -> tuple[list[Basis], list[Mark]]:
    """The bases of this equipment, and its marks at the same moment."""
    bases: list[Basis] = []
    marks: list[Mark] = []
    for is_basis, id, equipment, start, end, digest, names in await session.execute(KNOWN, {"ids": list(ids)}):
        if is_basis:
            bases.append(Basis(id, equipment, digest, tuple(names), Window(start, end) if start and end else None))
        else:
            marks.append(Mark(id, equipment, Window(start, end)))
    return bases, marks


async def rollup_rows(session: AsyncSession, bases: Iterable[int], hours: int, window: Window) -> list[Any]:
    """(basis, hours, at, values in binary form, said) of rows of that many hours that begin in `window`, in order.

    By psycopg itself, in binary: it is the one query here that brings thousands of rows.
    """
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    assert isinstance(connection, psycopg.AsyncConnection)
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(ROWS, [list(bases), hours, window.start, window.end])
        return await cursor.fetchall()


async def first_row(session: AsyncSession, ids: Collection[int], since: datetime) -> datetime | None:
    """When the first state or count of this equipment began, not before `since`."""
    found: datetime | None = await session.scalar(FIRST, {"ids": list(ids), "since": since})
    return found


async def open_since(session: AsyncSession, ids: Collection[int]) -> Mapping[int, datetime]:
    """By equipment whose state or stop lasts: since when."""
    rows = (await session.execute(OPEN, {"ids": list(ids)})).all()
    return {row[0]: row[1] for row in rows}


async def mark_holes(session: AsyncSession, told: Collection[tuple[int, Window]]) -> None:
    """Of equipment (ids) whose counters told something in a range: mark up to the counts around it."""
    values = {
        "ids": [id for id, _ in told],
        "starts": [window.start for _, window in told],
        "ends": [window.end for _, window in told],
    }
    await session.execute(HOLES, values)
