"""Pieces of work of crews and persons, from the store."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Facts, Window
from mom.kpis.elements import elements
from mom.kpis.scope import Scope
from mom.losses.cut import Cutter
from mom.people.standard import Work
from mom.store.facts import scene_of
from mom.store.plants import Layout

LEAST_MADE = 600.0
"""Seconds of standard time: a shorter stretch on a product is no piece of work."""
SUPPLIED = text("""
SELECT m.to_equipment, m.material, l.supplier, m.at FROM stock_moves m
JOIN material_lots l ON l.site_id = m.site_id AND l.key = m.lot AND upper_inf(l.recorded) AND l.supplier IS NOT NULL
WHERE m.site_id = :site AND upper_inf(m.recorded) AND m.to_equipment IS NOT NULL AND m.at < :end
  AND m.at > CAST(:start AS timestamptz) - interval '7 days' ORDER BY m.at
""")
PERSONS = text("""
SELECT person, equipment, started_at, ended_at FROM personnel_times
WHERE site_id = :site AND upper_inf(recorded) AND kind = 'work' AND person IS NOT NULL AND ended_at IS NOT NULL
  AND started_at < :end AND ended_at > :start ORDER BY started_at
""")
Stint = tuple[str, str, Window]
"""(group, line's path, when it worked there)."""
_Supply = tuple[str, str, str, datetime]
"""(to where, material, supplier, when)"""


async def work_of_crews(
    session: AsyncSession, layout: Layout, lines: Sequence[str], window: Window, now: datetime
) -> list[Work]:
    """Each crew's shifts on each line, by product. `taken`: time in which it made pieces, and stood for less than the
    minor limit or for a reason that nobody named: what a crew's way of working shows in. Breakdowns, waiting for
    others and change-overs are left out."""
    shifts = [s for s in layout.shifts(window) if s.crew and s.start >= window.start and s.end <= min(window.end, now)]
    stints = [(s.crew or "", line, Window(s.start, s.end)) for s in shifts for line in lines]
    return await _work(session, layout, stints, window, now)


async def work_of_persons(
    session: AsyncSession, layout: Layout, lines: Sequence[str], window: Window, now: datetime
) -> list[Work]:
    """The same of single persons, from the work times that a system tells with a name. Who may ask: `need_persons`."""
    values = {"site": layout.site.id, "start": window.start, "end": window.end}
    stints: list[Stint] = []
    for person, place, start, end in await session.execute(PERSONS, values):
        path = next((line for line in lines if place and line.endswith(place)), None)
        cut = window.cut(start, min(end, now))
        if path and cut:
            stints.append((person, path, cut))
    return await _work(session, layout, stints, window, now)


async def _work(
    session: AsyncSession, layout: Layout, stints: Sequence[Stint], window: Window, now: datetime
) -> list[Work]:
    if not stints:
        return []
    lines = sorted({line for _, line, _ in stints})
    scene = await scene_of(session, layout, window, now, only=lines)
    cutters = {line: Cutter(_in_order(scene.facts[line])) for line in lines}
    supplied = await _supplied(session, layout, window)
    made: dict[tuple[str, str], int] = defaultdict(int)
    found: list[Work] = []
    for group, line, when in sorted(stints, key=lambda stint: stint[2].start):
        facts = cutters[line].cut(when)
        near = tuple(s for s in facts.shifts if s.start < when.end and s.end > when.start)
        facts = replace(facts, shifts=near, states=tuple(s for s in facts.states if s.end > when.start))
        for product in sorted({span.product for span in facts.counts if span.product}):
            taken, standard = _times(facts, product)
            if standard < LEAST_MADE:
                continue
            material = _from_whom(supplied, line, when.start)
            occasion = f"{group} {when.start.isoformat()}"
            found.append(Work(group, line, product, taken, standard, material, made[group, product], occasion))
            made[group, product] += 1
    return found


def _in_order(facts: Facts) -> Facts:
    return replace(facts, counts=tuple(sorted(facts.counts, key=lambda span: span.start)))


def _times(facts: Facts, product: str) -> tuple[float, float]:
    """(taken, standard) in seconds: the standard time of the good pieces."""
    values = elements(facts, Scope(product=product)).values
    if "PRI*PQ" not in values or "APT" not in values or not values.get("PQ"):
        return 0.0, 0.0
    taken = values["APT"] + values["minor_stop"] + values["unclassified"]
    return taken, values["PRI*PQ"] * values["GQ"] / values["PQ"]


async def _supplied(session: AsyncSession, layout: Layout, window: Window) -> list[_Supply]:
    """Moves of material to the lines, of those kinds that came from several suppliers."""
    values = {"site": layout.site.id, "start": window.start, "end": window.end}
    rows = (await session.execute(SUPPLIED, values)).all()
    several = {m for m in {row[1] for row in rows} if len({row[2] for row in rows if row[1] == m}) > 1}
    return [(row[0], row[1], row[2], row[3]) for row in rows if row[1] in several]


def _from_whom(moves: Sequence[_Supply], line: str, at: datetime) -> str:
    """Whose material was on the line."""
    site, _, below = line.partition("/")
    last = {
        material: supplier
        for place, material, supplier, moved in moves
        if moved <= at and f"{place.removeprefix(f'{site}/')}/".startswith(f"{below}/")
    }
    return ", ".join(f"{material} of {supplier}" for material, supplier in sorted(last.items()))
