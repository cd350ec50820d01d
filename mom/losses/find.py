"""Find losses of what changed, and keep one row a trouble."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import mom.losses
from mom.discover import discover
from mom.facts import Facts, ShiftSpan, Toll, Window
from mom.history.calendar import days_of
from mom.losses.attribution import Line, joined, outside_tolls, tolls_of
from mom.losses.cut import Cutter
from mom.losses.fold import Part, folded, part_from_json, part_of
from mom.losses.gathered import gathered
from mom.losses.ledger import Book, Changes, current_losses, settle, stem
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.symptoms import join_symptoms
from mom.models import Loss
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of

CHUNK = timedelta(days=3)
"""So much of a long past is held in memory at once."""
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=12)
"""Facts around a chunk: what a stop cost may show after it."""
EARLIEST = text("""
SELECT least(
  (SELECT min(started_at) FROM stops WHERE equipment_id = ANY(CAST(:ids AS int[])) AND superseded_at IS NULL
     AND started_at <= :end AND (ended_at IS NULL OR ended_at >= :start)),
  (SELECT min(started_at) FROM losses WHERE equipment_id = ANY(CAST(:ids AS int[])) AND superseded_at IS NULL
     AND ended_at IS NULL AND rule = ANY(CAST(:rules AS text[]))))
""")
"""From where stops and losses of single events last into the window: their shift is looked at again."""

__all__ = ["Changes", "find_losses", "rules"]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by name."""
    return discover(mom.losses, Rule)


async def find_losses(
    session: AsyncSession,
    site_id: int,
    equipment: Collection[int],
    window: Window,
    now: datetime,
    *,
    wakes: bool,
    measures: bool = True,
) -> Changes:
    """Look for losses on the lines of `equipment` (ids) in `window`, shift by shift; the caller commits.

    `wakes`: tell listeners by events `loss.opened`, `loss.updated`, `loss.closed`, and `loss.alert` once for what
    people should hear of at once (subject `loss:ID`). `measures`: also by the rules that look back over days.
    """
    layout = await layout_of(session, site_id)
    changes = Changes()
    paths = _machines(layout, equipment)
    if not paths or window.start >= now:
        return changes
    book = Book(session, site_id, now, wakes, changes)
    asked = {name: rule for name, rule in rules().items() if measures or not rule.measures}
    ids = [layout.machines[path].id for path in paths]
    values = {"ids": ids, "start": window.start, "end": window.end, "rules": _single()}
    earliest = (await session.execute(EARLIEST, values)).scalar()
    window = Window(min(window.start, earliest or window.start), min(window.end, now))
    shifts = worked(layout, window)
    for chunk in _chunks([shift for shift in shifts if shift.start < now]):
        await _look(book, layout, paths, chunk, asked)
    return changes


def worked(layout: Layout, window: Window) -> list[ShiftSpan]:
    """The shifts that touch the window; days where the plant has no calendar."""
    shifts = layout.shifts(Window(window.start, window.end + timedelta(microseconds=1)))
    if layout.plant is not None:
        return list(shifts)
    return [ShiftSpan("day", None, day.start, day.end) for day in days_of(layout.zone, window)]


async def _look(
    book: Book, layout: Layout, paths: Sequence[str], shifts: Sequence[ShiftSpan], asked: Mapping[str, Rule]
) -> None:
    """One chunk of shifts: facts once, every rule on every machine and shift, rows brought to what was found."""
    window = Window(shifts[0].start - BEFORE, shifts[-1].end + AFTER)
    lines = sorted({line for path in paths for line in layout.lines_of(path)} - set(paths))
    looked = [*paths, *lines]
    scene = await scene_of(book.session, layout, window, book.now, only=looked, fine=True)
    known = await gathered(book.session, scene, looked, measures=any(rule.measures for rule in asked.values()))
    tolls = _tolls(layout, scene.facts)
    cutters = {path: Cutter(replace(known[path], tolls=tolls)) for path in looked}
    found: dict[str, list[tuple[str, ShiftSpan, Finding]]] = {name: [] for name in asked}
    for path, cutter in cutters.items():
        here = {name: rule for name, rule in asked.items() if path in paths or rule.of_lines}
        for shift in shifts:
            facts = cutter.cut(Window(shift.start, min(shift.end, book.now)))
            for name, rule in here.items():
                found[name].extend((path, shift, finding) for finding in rule.find(facts))
    ids = {path: layout.machines[path].id for path in looked}
    for name, rule in asked.items():
        if rule.joins:
            await _settle_joined(book, layout, rule, ids, found[name], shifts)
        else:
            span = (shifts[0].start, shifts[-1].end)
            before = await current_losses(book.session, ids.values(), [name], *span)
            await settle(book, name, ids, [(path, finding) for path, _, finding in found[name]], before)
    await join_symptoms(book, list(ids.values()), Window(shifts[0].start, shifts[-1].end))


async def _settle_joined(
    book: Book,
    layout: Layout,
    rule: Rule,
    ids: Mapping[str, int],
    found: Sequence[tuple[str, ShiftSpan, Finding]],
    shifts: Sequence[ShiftSpan],
) -> None:
    """Replace these shifts' parts in the troubles of a rule, and fold them anew."""
    looked_at = {shift.start for shift in shifts}
    before = await current_losses(book.session, ids.values(), [rule.name])
    parts: dict[str, list[Part]] = {}
    likes: dict[str, tuple[str, Finding]] = {}
    for row in before:
        kept = [part for data in row.figures.get("parts", ()) if (part := part_from_json(data)).shift not in looked_at]
        parts.setdefault(stem(row.key), []).extend(kept)
        path = next(path for path, id in ids.items() if id == row.equipment_id)
        likes[stem(row.key)] = (path, _like(row))
    for path, shift, finding in found:
        parts.setdefault(finding.key, []).append(part_of(finding, shift.start, min(shift.end, book.now)))
        likes[finding.key] = (path, finding)
    starts = _shift_starts(layout, [part for some in parts.values() for part in some], book.now)
    troubles = [
        (likes[key][0], trouble)
        for key, some in parts.items()
        if some
        for trouble in folded(some, starts, rule.patience, likes[key][1], book.now, closes=rule.closes)
    ]
    await settle(book, rule.name, ids, troubles, before)


def _single() -> list[str]:
    return [name for name, rule in rules().items() if not rule.joins]


def _like(row: Loss) -> Finding:
    """A stored trouble's words, for parts that are folded again without a new finding."""
    words = {name: value for name, value in row.figures.items() if isinstance(value, str)}
    return Finding(
        LossKind(row.kind),
        stem(row.key),
        row.title,
        row.reason,
        row.started_at,
        row.ended_at,
        row.seconds,
        row.units,
        row.money,
        tuple(row.evidence),
        row.coverage,
        words,
    )


def _shift_starts(layout: Layout, parts: Sequence[Part], now: datetime) -> list[datetime]:
    if not parts:
        return []
    first = min(part.shift for part in parts)
    return [shift.start for shift in worked(layout, Window(first, max(now, first)))]


def _machines(layout: Layout, equipment: Collection[int]) -> list[str]:
    """The machines of every line that has one of `equipment`: what stops here may starve or block there."""
    lines = {line for m in layout.machines.values() if m.id in equipment for line in layout.lines_of(m.path)}
    return list(dict.fromkeys(m.path for line in sorted(lines) for m in layout.flow(line)))


def _tolls(layout: Layout, facts: Mapping[str, Facts]) -> dict[int, Toll]:
    tolls: dict[int, Toll] = {}
    for path in dict.fromkeys(machine.line for f in facts.values() for machine in [f.machine]):
        constraint = layout.constraint(path)
        flow = [facts[m.path] for m in layout.flow(path) if m.path in facts]
        if constraint is not None and constraint.path in facts and path not in layout.feeds.values():
            line = Line(path, facts[constraint.path], tuple(flow))
            first, last = (
                [facts[m.path] for m in some if m.path in facts] for some in (layout.first(path), layout.last(path))
            )
            tolls = joined(joined(tolls, tolls_of(line)), outside_tolls(line, first, last))
    return tolls


def _chunks(shifts: Sequence[ShiftSpan]) -> Iterator[list[ShiftSpan]]:
    chunk: list[ShiftSpan] = []
    for shift in shifts:
        if chunk and shift.start - chunk[0].start >= CHUNK:
            yield chunk
            chunk = []
        chunk.append(shift)
    if chunk:
        yield chunk
