"""What is kept by the hour, as rows: bases, marks, hours and days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.store.request import Request, Rows, driver_of

BASES = text("""
SELECT b.id, b.equipment_id, b.digest, b.names, b.products, b.built_from, b.built_to FROM rollup_bases b
WHERE b.equipment_id = ANY(CAST(:ids AS int[])) ORDER BY b.id
""")
KNOWN = text("""
SELECT true, b.id, b.equipment_id, b.built_from, b.built_to, b.digest, b.names, b.products FROM rollup_bases b
WHERE b.equipment_id = ANY(CAST(:ids AS int[]))
UNION ALL
SELECT false, id, equipment_id, from_at, to_at, NULL, NULL, NULL FROM rollup_marks
WHERE equipment_id = ANY(CAST(:ids AS int[]))
""")
STRETCHES: LiteralString = """
  unnest(%s::bigint[], %s::smallint[], %s::timestamptz[], %s::timestamptz[]) AS w(basis, hours, low, high)
"""
ROWS: LiteralString = f"""
SELECT r.basis_id, r.hours, r.at, array_send(r.values),
  CASE WHEN r.said = lag(r.said) OVER (PARTITION BY r.basis_id, r.hours ORDER BY r.at) THEN '' ELSE r.said::text END
FROM {STRETCHES}
CROSS JOIN LATERAL (
  SELECT * FROM rollups k WHERE k.basis_id = w.basis AND k.hours = w.hours AND k.at >= w.low AND k.at < w.high
  OFFSET 0) r
ORDER BY r.basis_id, r.at
"""
"""OFFSET 0: each stretch by the index. Joined at will, the planner reads the whole table. Most rows say what the one before
them says: it is sent once."""
CUT: LiteralString = f"""
DELETE FROM rollups r USING {STRETCHES}
WHERE r.basis_id = w.basis AND r.hours = w.hours AND r.at >= w.low AND r.at < w.high
"""
SETTLE = text("""
UPDATE rollup_bases SET digest = :digest, names = :names, products = :products, built_from = :start, built_to = :end
WHERE id = :id
""")
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
    names: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    built: Window | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Rows of an equipment changed in a range: what was kept of it does not hold."""

    id: int
    equipment: int
    window: Window


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a basis, of so many hours each, that begin in `window`."""

    basis: int
    hours: int
    window: Window

    @property
    def most(self) -> int:
        """How many rows it has when all are there."""
        return (self.window.end - self.window.start) // timedelta(hours=self.hours)


def bases_wanted(ids: Collection[int]) -> Request[list[Basis]]:
    def read(rows: Rows) -> list[Basis]:
        return [Basis(r[0], r[1], r[2], tuple(r[3]), tuple(r[4]), _built(r[5], r[6])) for r in rows]

    return Request(((BASES, {"ids": list(ids)}),), read)


def known_wanted(ids: Collection[int]) -> Request[tuple[list[Basis], list[Mark]]]:
    """The bases of this equipment, and its marks at the same moment."""

    def read(rows: Rows) -> tuple[list[Basis], list[Mark]]:
        bases: list[Basis] = []
        marks: list[Mark] = []
        for is_basis, id, equipment, start, end, digest, names, products in rows:
            if is_basis:
                bases.append(Basis(id, equipment, digest, tuple(names), tuple(products), _built(start, end)))
            else:
                marks.append(Mark(id, equipment, Window(start, end)))
        return bases, marks

    return Request(((KNOWN, {"ids": list(ids)}),), read)


def _built(start: datetime | None, end: datetime | None) -> Window | None:
    return Window(start, end) if start and end else None


async def rollup_rows(session: AsyncSession, stretches: Sequence[Stretch]) -> list[Any]:
    """(basis, hours, at, values in binary form, said as JSON's text) of these rows, by basis and time.

    In binary: it is the one query here that may bring thousands of numbers.
    """
    connection = await driver_of(session)
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(ROWS, _arrays(stretches))
        rows = await cursor.fetchall()
    said: dict[tuple[int, int], str | None] = {}
    found: list[Any] = []
    for basis, hours, at, numbers, words in rows:
        if words != "":
            said[basis, hours] = words
        found.append((basis, hours, at, numbers, said[basis, hours]))
    return found


async def cut_rollups(session: AsyncSession, stretches: Sequence[Stretch]) -> None:
    """These rows are there no more."""
    connection = await driver_of(session)
    await connection.execute(CUT, _arrays(stretches))


def _arrays(stretches: Sequence[Stretch]) -> list[str]:
    """As PostgreSQL writes arrays: of hundreds of stretches most begin and end with others."""
    said = {at: f'"{at.isoformat()}"' for one in stretches for at in (one.window.start, one.window.end)}
    columns = (
        (str(one.basis) for one in stretches),
        (str(one.hours) for one in stretches),
        (said[one.window.start] for one in stretches),
        (said[one.window.end] for one in stretches),
    )
    return [f"{{{','.join(column)}}}" for column in columns]


async def settle_bases(session: AsyncSession, bases: Collection[Basis]) -> None:
    """Have the bases say what their rows now are."""
    if bases:
        await session.execute(SETTLE, [_columns(basis) for basis in bases])


def _columns(basis: Basis) -> dict[str, Any]:
    start, end = (basis.built.start, basis.built.end) if basis.built else (None, None)
    values = {"id": basis.id, "digest": basis.digest, "names": list(basis.names), "products": list(basis.products)}
    return {**values, "start": start, "end": end}


async def first_row(session: AsyncSession, ids: Collection[int], since: datetime) -> datetime | None:
    """When the first state or count of this equipment began, not before `since`."""
    found: datetime | None = await session.scalar(FIRST, {"ids": list(ids), "since": since})
    return found


def open_wanted(ids: Collection[int]) -> Request[dict[int, datetime]]:
    """By equipment whose state or stop lasts: since when."""
    return Request(((OPEN, {"ids": list(ids)}),), lambda rows: {row[0]: row[1] for row in rows})


async def mark_holes(session: AsyncSession, told: Collection[tuple[int, Window]]) -> None:
    """Of equipment (ids) whose counters told something in a range: mark up to the counts around it."""
    values = {
        "ids": [id for id, _ in told],
        "starts": [window.start for _, window in told],
        "ends": [window.end for _, window in told],
    }
    await session.execute(HOLES, values)
