"""Hours computed from their rows, and days added up of them, into the store."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.history.derive import psycopg_of
from mom.rollups.piece import DAY, HOUR, Piece, floor_to, hours_of
from mom.rollups.vector import matrix_of, names_of, said, summed, vector
from mom.store.facts import Scene, scene_of
from mom.store.plants import Layout
from mom.store.rollups import Basis, rollup_rows

NAMES = text("UPDATE rollup_bases SET names = :names WHERE id = :id")
FORGET = text("""
DELETE FROM rollups r USING unnest(CAST(:bases AS bigint[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
  AS w(basis, low, high)
WHERE r.basis_id = w.basis AND r.hours = :hours AND r.at >= w.low AND r.at < w.high
""")
COPY: LiteralString = "COPY rollups (basis_id, hours, at, values, said) FROM STDIN"
Row = tuple[int, int, datetime, list[float], Jsonb | None]


async def make(
    session: AsyncSession, layout: Layout, bases: Mapping[str, Basis], windows: Mapping[str, Window], now: datetime
) -> int:
    """Make the hours of each path's window (whole hours, all over) from the rows, and the days that are whole with
    them; the caller commits. Returns how many hours."""
    names = {path: list(basis.names) for path, basis in bases.items()}
    rows: list[Row] = []
    for chunk in _chunks(windows.values()):
        wanted = {path: cut for path, window in windows.items() if (cut := chunk.cut(window.start, window.end))}
        scene = await scene_of(session, layout, chunk, now, only=list(wanted), fine=False)
        made = await asyncio.to_thread(_pieces, scene, wanted)  # others of this process go on meanwhile
        for path, pieces in made.items():
            names[path] = names_of(pieces, names[path])
            rows += [_row(bases[path], 1, piece, names[path]) for piece in pieces]
    for path, basis in bases.items():
        if tuple(names[path]) != basis.names:
            await session.execute(NAMES, {"id": basis.id, "names": names[path]})
    spans = {bases[path].id: window for path, window in windows.items()}
    await _put(session, 1, spans, rows)
    days = {id: Window(floor_to(w.start, DAY), w.end) for id, w in spans.items()}
    await _put(session, 24, days, await _days(session, days, {bases[path].id: names[path] for path in bases}))
    return len(rows)


def _chunks(windows: Iterable[Window]) -> Iterator[Window]:
    """A day at a time: so much is held in memory at once."""
    listed = list(windows)
    at, end = min(w.start for w in listed), max(w.end for w in listed)
    while at < end:
        until = min(floor_to(at, DAY) + DAY, end)
        yield Window(at, until)
        at = until


def _pieces(scene: Scene, wanted: Mapping[str, Window]) -> dict[str, list[Piece]]:
    """The hours of each path's window."""
    return {
        path: [piece for piece in hours_of(scene.facts[path]) if window.start <= piece.at < window.end]
        for path, window in wanted.items()
    }


def _row(basis: Basis, hours: int, piece: Piece, names: Sequence[str]) -> Row:
    words = said(piece)
    return basis.id, hours, piece.at, vector(piece, names), Jsonb(words) if words else None


async def _days(session: AsyncSession, spans: Mapping[int, Window], names: Mapping[int, Sequence[str]]) -> list[Row]:
    """The whole days of UTC in each basis's span (from the start of a day), added up of their hours."""
    over = Window(min(w.start for w in spans.values()), max(floor_to(w.end, DAY) + DAY for w in spans.values()))
    found: dict[tuple[int, datetime], list[Any]] = {}
    for row in await rollup_rows(session, spans, 1, over):
        if spans[row[0]].start <= row[2] < floor_to(spans[row[0]].end - HOUR, DAY) + DAY:
            found.setdefault((row[0], floor_to(row[2], DAY)), []).append(row)
    made: list[Row] = []
    for (basis, day), hours in found.items():
        if len(hours) == DAY // HOUR:
            missing: dict[str, str] = {}
            notes: dict[str, None] = {}
            for words in (row[4] for row in hours if row[4]):
                missing |= words["missing"]
                notes |= dict.fromkeys(words["notes"])
            words = Jsonb({"missing": missing, "notes": list(notes)}) if missing or notes else None
            made.append((basis, 24, day, summed(matrix_of([row[3] for row in hours]), names[basis]), words))
    return made


async def _put(session: AsyncSession, hours: int, spans: Mapping[int, Window], rows: Sequence[Row]) -> None:
    """The rows in place of what was there in each basis's span."""
    values = {
        "bases": list(spans),
        "starts": [w.start for w in spans.values()],
        "ends": [w.end for w in spans.values()],
        "hours": hours,
    }
    await session.execute(FORGET, values)
    connection = await psycopg_of(session)
    async with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            await copy.write_row(row)
