"""Elements of a long window: whole weeks (four, or one), days and hours from what was kept, the rest from the rows.

A mark (mom/models/rollups.py) is written in the transaction that changes a row, so what is read here is never older than
the rows: an hour that is marked, not made yet or still going on is computed from the rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.rollups.basis import Ground, ground_wanted, parts_of
from mom.rollups.piece import HOUR, STEPS, Piece, ceil_to, floor_to, joined, piece_of, without
from mom.rollups.vector import matrix_of, piece_from, summed
from mom.store.facts import scene_of, until_now
from mom.store.plants import Layout
from mom.store.request import Request, fetch_all
from mom.store.rollups import Basis, Stretch, known_wanted, rollup_rows

WORTH = timedelta(hours=6)
"""A shorter window is read from its rows at once."""
NEAR = timedelta(hours=12)
"""Ends that differ by less are read from the rows together, from the earliest on."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a window is taken from where, for one path."""

    path: str
    basis: Basis | None
    kept: tuple[Window, ...]
    live: tuple[Window, ...]


async def elements_over(
    session: AsyncSession, layout: Layout, paths: Sequence[str], window: Window, now: datetime
) -> dict[str, Elements]:
    """The elements of each path (a machine, or a line with a constraint) in `window`, up to `now`, as the rows have
    them. Raises BadInput (a window that is empty or lies in the future)."""
    window = until_now(window, now)
    plans = await _plans(session, layout, paths, window) if window.end - window.start >= WORTH else []
    if not any(plan.kept for plan in plans):
        scene = await scene_of(session, layout, window, now, only=paths)
        return {path: elements(scene.facts[path]) for path in paths}
    pieces = await _kept(session, plans)
    plans = [plan if plan.path in pieces else replace(plan, kept=(), live=(window,)) for plan in plans]
    for path, found in (await _live(session, layout, _together(plans), now)).items():
        pieces.setdefault(path, []).extend(found)
    return {path: joined(pieces[path]) for path in paths}


async def _plans(session: AsyncSession, layout: Layout, paths: Sequence[str], window: Window) -> list[_Plan]:
    machines = {path: parts_of(layout, path) for path in paths}
    parts = {path: {m.id for m in whose} for path, whose in machines.items()}
    requests: dict[str, Request[Any]] = {
        "ground": ground_wanted(layout, machines),
        "known": known_wanted(set().union(*parts.values())),
    }
    found = await fetch_all(session, requests)
    ground: Ground = found["ground"]
    known, marks = found["known"]
    bases: dict[int, list[Basis]] = {}
    for one in known:
        bases.setdefault(one.equipment, []).append(one)
    plans = []
    for path in paths:
        mine = bases.get(layout.machines[path].id, ())
        basis = next((one for one in mine if one.built and ground.holds(path, one)), None)
        holes = [hours_touched(m.window) for m in marks if m.equipment in parts[path]]
        kept = _whole_hours(basis.built, window, holes) if basis and basis.built else []
        plans.append(_Plan(path, basis, tuple(kept), tuple(without(window, kept))))
    return _even(plans, window)


def hours_touched(window: Window) -> Window:
    """The whole hours that a range touches; one moment touches its hour."""
    return Window(floor_to(window.start, HOUR), max(ceil_to(window.end, HOUR), floor_to(window.start, HOUR) + HOUR))


def _whole_hours(built: Window, window: Window, holes: Sequence[Window]) -> list[Window]:
    start, end = ceil_to(max(built.start, window.start), HOUR), floor_to(min(built.end, window.end), HOUR)
    return without(Window(start, end), holes) if start < end else []


async def _kept(session: AsyncSession, plans: Sequence[_Plan]) -> dict[str, list[Piece]]:
    """By path, what was kept of its stretches as one piece. A path of which a row is missing is left out."""
    chosen = {plan.basis: plan for plan in plans if plan.basis and plan.kept}
    cuts = {
        kept: [cut for window in kept for cut in _cuts(window, STEPS[::-1])]
        for kept in {p.kept for p in chosen.values()}
    }
    wanted = {basis: [Stretch(basis.id, *cut) for cut in cuts[plan.kept]] for basis, plan in chosen.items()}
    by_basis: dict[int, list[Any]] = {}
    for row in await rollup_rows(session, [stretch for stretches in wanted.values() for stretch in stretches]):
        by_basis.setdefault(row[0], []).append(row)
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for basis, stretches in wanted.items():
        rows = by_basis.get(basis.id, [])
        if len(rows) == sum(stretch.most for stretch in stretches):
            alike.setdefault(basis.names, []).append(rows)
    pieces = {id: piece for names, taken in alike.items() for id, piece in _sums(names, taken).items()}
    return {plan.path: [pieces[basis.id]] for basis, plan in chosen.items() if basis.id in pieces}


def _cuts(window: Window, steps: Sequence[timedelta]) -> Iterator[tuple[int, Window]]:
    """How many hours each row has, and where they begin: of the longest step what is whole, of the next what is left."""
    step = steps[0]
    inner = Window(ceil_to(window.start, step), floor_to(window.end, step))
    whole = inner.start < inner.end
    if whole:
        yield step // HOUR, inner
    for edge in without(window, [inner] if whole else []):
        if steps[1:]:
            yield from _cuts(edge, steps[1:])


def _sums(names: tuple[str, ...], taken: Sequence[Sequence[Any]]) -> dict[int, Piece]:
    """The rows of each basis as one piece, by its id; all these bases have the same names."""
    matrix = matrix_of([row[3] for rows in taken for row in rows])
    starts = list(accumulate((len(rows) for rows in taken[:-1]), initial=0))
    numbers = summed(matrix, names, starts).tolist()
    return {
        rows[0][0]: piece_from(rows[0][2], mine, names, [row[4] for row in rows])
        for rows, mine in zip(taken, numbers, strict=True)
    }


def _together(plans: Sequence[_Plan]) -> dict[Window, list[str]]:
    """What is read from the rows: stretches, each with the paths that need it. Only stretches that are the same in time
    share a reading (`_even` makes the last ones so)."""
    wanted: dict[Window, list[str]] = {}
    for plan in plans:
        for window in plan.live:
            wanted.setdefault(window, []).append(plan.path)
    return wanted


async def _live(
    session: AsyncSession, layout: Layout, wanted: Mapping[Window, Sequence[str]], now: datetime
) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for window, paths in wanted.items():
        scene = await scene_of(session, layout, window, now, only=paths)
        for path in paths:
            found.setdefault(path, []).append(piece_of(scene.facts[path]))
    return found


def _even(plans: Sequence[_Plan], window: Window) -> list[_Plan]:
    """Plans whose last stretch from the rows begins near that of the others begin it together: one reading for all."""
    ends = [plan.live[-1].start for plan in plans if plan.live and plan.live[-1].end == window.end]
    if not ends:
        return list(plans)
    first = max(min(ends), max(ends) - NEAR)
    return [_from(plan, first, window) for plan in plans]


def _from(plan: _Plan, first: datetime, window: Window) -> _Plan:
    """The plan with all from `first` on read from the rows; one that reads from the rows before that, as it is."""
    if not plan.kept or (plan.live and plan.live[-1].end == window.end and plan.live[-1].start < first):
        return plan
    kept = tuple(cut for w in plan.kept if (cut := Window(window.start, first).cut(w.start, w.end)))
    return replace(plan, kept=kept, live=tuple(without(window, kept)))
