"""Hours made anew where rows changed, and made for the first time where time has passed: by who writes, one at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.facts import Window
from mom.history.calendar import merged
from mom.models import Site
from mom.rollups.basis import Ground, ground_wanted, kept_paths, parts_of
from mom.rollups.make import make
from mom.rollups.piece import DAY, HOUR, floor_to, hours_in
from mom.rollups.read import hours_touched
from mom.store.plants import Layout, layout_of
from mom.store.request import Request, Rows, fetch, fetch_all
from mom.store.rollups import Basis, Mark, bases_wanted, first_row, open_wanted, settle_bases

LOCK = 0x4C53524F
"""First half of the advisory lock under which one process at a time keeps a site's hours."""
STEP = 1200
"""Hours (of one machine or line each) made in one transaction."""
KEPT = timedelta(days=400)
"""Hours longer ago are read from their rows: a clock that once told 1971 is no reason to keep fifty years."""
SETTLED = timedelta(minutes=2)
"""An hour is made when it is over for so long: most of what comes late has come."""
TRY = text("SELECT pg_try_advisory_xact_lock(:lock, :site)")
IDLE = text("""
WITH kept AS (
  SELECT max(b.built_to) AS until FROM rollup_bases b JOIN equipment e ON e.id = b.equipment_id
  WHERE e.site_id = :site)
SELECT m.id, m.equipment_id, m.from_at, m.to_at, m.from_at < kept.until AS matters
FROM kept, rollup_marks m JOIN equipment e ON e.id = m.equipment_id
WHERE e.site_id = :site
""")
FORGET = text("DELETE FROM rollup_marks WHERE id = ANY(CAST(:ids AS bigint[]))")
MARK = text("INSERT INTO rollup_marks (equipment_id, from_at, to_at) VALUES (:equipment, :start, :end)")
CUT = text("DELETE FROM rollups WHERE basis_id = :id AND (at >= :end OR at + hours * interval '1 hour' > :end)")
BEGIN = text("INSERT INTO rollup_bases (equipment_id, digest, names) VALUES (:equipment, :digest, '{}') RETURNING id")
OLD = text("DELETE FROM rollup_bases WHERE id = ANY(CAST(:ids AS bigint[]))")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a step did. `waiting`: more could be done right now. Hours are of one machine or line each."""

    made: int = 0
    waiting: bool = False


async def keep_hours(store: Store, now: datetime) -> bool:
    """A step for every site, each in a transaction of its own; whether more could be done right now."""
    async with store.read() as session:
        sites = list(await session.scalars(select(Site.id).order_by(Site.id)))
    waiting = False
    for site_id in sites:
        async with store.write.begin() as session:
            waiting |= (await advance(session, site_id, now)).waiting
    return waiting


async def refresh(session: AsyncSession, site_id: int, now: datetime, limit: int = STEP) -> Kept:
    """Make the hours of a site anew whose rows changed, at most `limit` of them; the caller commits.

    What is left stays marked, and is read from the rows until it is made.
    """
    marks = await _marks(session, site_id)
    if not marks:
        return Kept()
    layout = await layout_of(session, site_id)
    touched = {mark.equipment for mark in marks}
    paths = [path for path in kept_paths(layout) if any(m.id in touched for m in parts_of(layout, path))]
    ground, bases = await _bases(session, layout, paths, begin=True)  # of others no mark may be forgotten
    return await _anew(session, ground, bases, marks, now, limit)


async def advance(session: AsyncSession, site_id: int, now: datetime, limit: int = STEP) -> Kept:
    """Make what is marked, then hours that were never made, at most about `limit`; the caller commits."""
    done = await refresh(session, site_id, now, limit)
    if done.made or not await session.scalar(TRY, {"lock": LOCK, "site": site_id}):
        return Kept(done.made, done.made > 0)
    layout = await layout_of(session, site_id)
    ground, bases = await _bases(session, layout, kept_paths(layout), begin=True)
    due = await _due(session, layout, bases, now)
    if not due:
        return Kept()
    start = min(window.start for window in due.values())
    upto = start + max(1, limit // len(due)) * HOUR
    chunk = Window(start, upto if floor_to(upto, DAY) <= start else floor_to(upto, DAY))
    paths = {path: cut for path, window in due.items() if (cut := chunk.cut(window.start, window.end))}
    made, now_are = await make(session, layout, {path: bases[path] for path in paths}, paths, now)
    await settle_bases(session, [_reaching(ground, path, now_are[path], window) for path, window in paths.items()])
    return Kept(made, True)


def _reaching(ground: Ground, path: str, basis: Basis, window: Window) -> Basis:
    """The basis with `window` made beside what it had; alone, where they do not meet."""
    start = basis.built.start if basis.built and basis.built.end == window.start else window.start
    return ground.signed(path, replace(basis, built=Window(start, window.end)))


async def progress(session: AsyncSession, site_id: int, now: datetime) -> tuple[int, int]:
    """How many hours are made, of how many that could be."""
    layout = await layout_of(session, site_id)
    ground, known = await _bases(session, layout, kept_paths(layout))
    new = {path: Basis(0, layout.machines[path].id, "") for path in kept_paths(layout) if ground.keeps(path)}
    bases = new | known
    due = await _due(session, layout, bases, now)
    made = sum((b.built.end - b.built.start) // HOUR for b in bases.values() if b.built)
    return made, made + sum((window.end - window.start) // HOUR for window in due.values())


async def _marks(session: AsyncSession, site_id: int) -> list[Mark]:
    """What is marked of a site, read under its lock; none while another process keeps it. Marks of what was never made
    are forgotten."""

    def read(locked: Rows, found: Rows) -> Rows:
        return found if locked[0][0] else []

    values = {"lock": LOCK, "site": site_id}
    found = await fetch(session, Request(((TRY, values), (IDLE, values)), read))
    if any(matters for *_, matters in found):
        return [Mark(id, equipment, Window(start, end)) for id, equipment, start, end, _ in found]
    if found:
        await session.execute(FORGET, {"ids": [row[0] for row in found]})
    return []


async def _bases(
    session: AsyncSession, layout: Layout, paths: Sequence[str], *, begin: bool = False
) -> tuple[Ground, dict[str, Basis]]:
    """The bases that hold now, by path. `begin`: make those that are not there, and forget those that hold no more."""
    ids = {layout.machines[path].id: path for path in paths}
    requests: dict[str, Request[Any]] = {
        "ground": ground_wanted(layout, {path: parts_of(layout, path) for path in paths}),
        "found": bases_wanted(ids),
    }
    told = await fetch_all(session, requests)
    ground: Ground = told["ground"]
    holding = {ids[b.equipment]: b for b in told["found"] if ground.holds(ids[b.equipment], b)}
    if begin:
        if old := [b.id for b in told["found"] if b not in holding.values()]:
            await session.execute(OLD, {"ids": old})
        for path in paths:
            if path not in holding and ground.keeps(path):
                basis = ground.signed(path, Basis(0, layout.machines[path].id, ""))
                values = {"equipment": basis.equipment, "digest": basis.digest}
                holding[path] = replace(basis, id=await session.scalar(BEGIN, values) or 0)
    return ground, holding


async def _due(session: AsyncSession, layout: Layout, bases: Mapping[str, Basis], now: datetime) -> dict[str, Window]:
    """The hours that are over and were never made, by path: from the site's first day on, until what still lasts."""
    ids = [layout.machines[path].id for path in layout.machines]
    lasts = await fetch(session, open_wanted(ids))
    first = await first_row(session, ids, now - KEPT)
    due: dict[str, Window] = {}
    if first is None:
        return due
    for path, basis in bases.items():
        begun = basis.built is not None and basis.built.start <= floor_to(first, DAY)
        start = basis.built.end if basis.built and begun else floor_to(first, DAY)  # an older past came: all anew
        end = _until(layout, path, lasts, floor_to(now - SETTLED, HOUR))
        if start < end:
            due[path] = Window(start, end)
    return due


def _until(layout: Layout, path: str, lasts: Mapping[int, datetime], end: datetime) -> datetime:
    """`end`, or the hour in which what still lasts at `path` began."""
    return min([end, *(floor_to(lasts[m.id], HOUR) for m in parts_of(layout, path) if m.id in lasts)])


async def _anew(
    session: AsyncSession, ground: Ground, known: Mapping[str, Basis], marks: Sequence[Mark], now: datetime, limit: int
) -> Kept:
    layout, bases = ground.layout, dict(known)
    parts = {path: {m.id for m in ground.parts[path]} for path in bases}
    lasts = await fetch(session, open_wanted({id for ids in parts.values() for id in ids}))
    for path, basis in bases.items():
        end = _until(layout, path, lasts, min(basis.built.end, floor_to(now, HOUR))) if basis.built else None
        if basis.built and end and end < basis.built.end:  # something lasts that began in what was made
            bases[path] = await _cut(session, basis, Window(basis.built.start, max(end, basis.built.start)))
    work = {path: hours for path, basis in bases.items() if (hours := _hours(basis, marks, parts[path]))}
    taken = _first(work, limit)
    made = 0
    for window, paths in _stretches(taken).items():
        done, now_are = await make(session, layout, {p: bases[p] for p in paths}, dict.fromkeys(paths, window), now)
        made, bases = made + done, bases | now_are
    changed = {path: ground.signed(path, basis) for path, basis in bases.items() if basis != known[path]}
    await settle_bases(session, changed.values())
    await session.execute(FORGET, {"ids": [mark.id for mark in marks]})
    left = {path: [hour for hour in hours if hour not in taken.get(path, ())] for path, hours in work.items()}
    for window, paths in _stretches(left).items():
        for path in paths:
            values = {"equipment": layout.machines[path].id, "start": window.start, "end": window.end}
            await session.execute(MARK, values)
    return Kept(made, any(left.values()))


async def _cut(session: AsyncSession, basis: Basis, built: Window) -> Basis:
    """Forget what was made beyond `built`."""
    await session.execute(CUT, {"id": basis.id, "end": built.end})
    return replace(basis, built=built)


def _hours(basis: Basis, marks: Sequence[Mark], parts: Collection[int]) -> list[datetime]:
    """The hours of a basis that are marked, in order."""
    if basis.built is None:
        return []
    touched = [hours_touched(mark.window) for mark in marks if mark.equipment in parts]
    cuts = [cut for w in touched if (cut := basis.built.cut(w.start, w.end))]
    return [hour for window in merged(cuts) for hour in hours_in(window)]


def _first(work: Mapping[str, list[datetime]], limit: int) -> dict[str, list[datetime]]:
    """The earliest hours, `limit` of them."""
    if sum(map(len, work.values())) <= limit:
        return {path: hours for path, hours in work.items() if hours}
    listed = sorted((hour, path) for path, hours in work.items() for hour in hours)[:limit]
    taken: dict[str, list[datetime]] = {}
    for hour, path in listed:
        taken.setdefault(path, []).append(hour)
    return taken


def _stretches(work: Mapping[str, Sequence[datetime]]) -> dict[Window, list[str]]:
    """Hours side by side are one stretch; paths with the same are made together."""
    found: dict[Window, list[str]] = {}
    for path, hours in work.items():
        for window in merged(Window(hour, hour + HOUR) for hour in hours):
            found.setdefault(window, []).append(path)
    return found
