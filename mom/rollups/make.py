"""Hours computed from their rows, with days, weeks and four weeks added up of them, into the store."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import LiteralString

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.rollups.piece import DAY, HOUR, STEPS, Piece, ceil_to, floor_to, hours_of
from mom.rollups.vector import joined_words, matrix_of, names_of, said, summed, vector
from mom.store.facts import Scene, scene_of
from mom.store.plants import Layout
from mom.store.request import driver_of
from mom.store.rollups import Basis, Stretch, cut_rollups, rollup_rows

COPY: LiteralString = "COPY rollups (basis_id, hours, at, values, said) FROM STDIN"
Row = tuple[int, int, datetime, Sequence[float], str | None]
"""Basis, hours, when it begins, numbers, and what is said beside them as JSON's text."""


async def make(
    session: AsyncSession, layout: Layout, bases: Mapping[str, Basis], windows: Mapping[str, Window], now: datetime
) -> tuple[int, dict[str, Basis]]:
    """Make the hours of each path's window (whole hours, all over) from the rows, and the longer steps that are whole
    with them; the caller commits, and settles the bases. Returns how many hours, and the bases as they are now."""
    names = {path: list(basis.names) for path, basis in bases.items()}
    products = {path: dict.fromkeys(basis.products) for path, basis in bases.items()}
    rows: list[Row] = []
    for chunk in _chunks(windows.values()):
        wanted = {path: cut for path, window in windows.items() if (cut := chunk.cut(window.start, window.end))}
        scene = await scene_of(session, layout, chunk, now, only=list(wanted), fine=False)
        made = await asyncio.to_thread(_pieces, scene, wanted)  # others of this process go on meanwhile
        for path, pieces in made.items():
            names[path] = names_of(pieces, names[path])
            products[path] |= dict.fromkeys(span.product for span in scene.facts[path].counts if span.product)
            rows += [_row(bases[path], 1, piece, names[path]) for piece in pieces]
    spans = {bases[path].id: window for path, window in windows.items()}
    sums = await _sums(session, spans, rows, {bases[path].id: names[path] for path in bases})
    await cut_rollups(
        session, [Stretch(id, step // HOUR, _whole(w, step)) for id, w in spans.items() for step in STEPS]
    )
    await _put(session, [*rows, *sums])
    now_are = {p: replace(b, names=tuple(names[p]), products=tuple(products[p])) for p, b in bases.items()}
    return len(rows), now_are


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
    return basis.id, hours, piece.at, vector(piece, names), said(piece)


async def _sums(
    session: AsyncSession, spans: Mapping[int, Window], made: Sequence[Row], names: Mapping[int, Sequence[str]]
) -> list[Row]:
    """The whole days of UTC that have hours in each basis's span, the whole weeks that have such days, and so on: `made`
    are the hours in it, the others are those that were kept."""
    pairs = list(pairwise(STEPS))
    wanted = [Stretch(id, low // HOUR, _whole(w, high)) for id, w in spans.items() for low, high in pairs]
    kept: dict[int, list[Row]] = {low // HOUR: [] for low, _ in pairs}
    for id, hours, at, sent, words in await rollup_rows(session, wanted):
        kept[hours].append((id, hours, at, matrix_of([sent])[0], words))
    found: list[Row] = []
    anew = list(made)
    for low, high in pairs:
        old = [row for row in kept[low // HOUR] if not _lies_in(row, _whole(spans[row[0]], low))]
        anew = [_sum(rows, high, names[rows[0][0]]) for rows in _full([*old, *anew], high)]
        found += anew
    return found


def _full(rows: Iterable[Row], step: timedelta) -> Iterator[list[Row]]:
    """The rows of each basis and whole stretch (a day, a week) of which none is missing, in order of time."""
    found: dict[tuple[int, datetime], list[Row]] = {}
    for row in sorted(rows, key=lambda row: row[2]):
        found.setdefault((row[0], floor_to(row[2], step)), []).append(row)
    return (group for group in found.values() if sum(row[1] for row in group) == step // HOUR)


def _sum(rows: Sequence[Row], step: timedelta, names: Sequence[str]) -> Row:
    matrix = np.zeros((len(rows), len(names)))
    for place, row in enumerate(rows):
        matrix[place, : len(row[3])] = row[3]
    basis, _, at, _, _ = rows[0]
    words = joined_words(row[4] for row in rows)
    return basis, step // HOUR, at, summed(matrix, names)[0].tolist(), json.dumps(words) if words else None


def _whole(window: Window, step: timedelta) -> Window:
    """The whole hours, days or weeks that the window touches."""
    return Window(floor_to(window.start, step), ceil_to(window.end, step))


def _lies_in(row: Row, window: Window) -> bool:
    return window.start <= row[2] < window.end


async def _put(session: AsyncSession, rows: Sequence[Row]) -> None:
    connection = await driver_of(session)
    async with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for basis, hours, at, numbers, words in rows:
            await copy.write_row((basis, hours, at, list(numbers), words))
