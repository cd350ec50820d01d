"""Facts of energy meters, from the store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.energy.meter import Floats, MeterFacts, Times, rises, shares
from mom.facts import Machine, RunSpan, ShiftSpan, Window
from mom.store.facts import until_now
from mom.store.plants import Layout
from mom.store.states import runs_in, states_in

METERS = text("""
SELECT t.id, t.name, e.path FROM tags t JOIN equipment e ON e.id = t.equipment_id
WHERE t.site_id = :site AND t.active AND t.meaning = 'energy' ORDER BY e.path, t.name
""")
SLOTS = text("""
SELECT tag_id, (extract(epoch FROM at) * 1000000)::bigint, last FROM signal_means
WHERE tag_id = ANY(CAST(:tags AS int[])) AND at >= CAST(:start AS timestamptz) - interval '5 minutes' AND at < :end
ORDER BY tag_id, at
""")
GOOD = text("""
SELECT equipment_id, floor(extract(epoch FROM started_at) / 300)::bigint * 300000000, sum(good), sum(scrap) FROM counts
WHERE equipment_id = ANY(CAST(:ids AS int[])) AND started_at >= :start AND started_at < :end GROUP BY 1, 2
""")


async def meters_in(
    session: AsyncSession, layout: Layout, window: Window, now: datetime, only: Collection[str] | None = None
) -> list[MeterFacts]:
    """The site's energy meters (`only`: those at or below these paths) with what ran and was made in `window`.

    A line's meter is held against the line's machines, a machine's against the machine; any other (a compressor, the
    whole site) against every machine that tells states. Raises BadInput (a window that lies in the future).
    """
    window = until_now(window, now)
    rows = (await session.execute(METERS, {"site": layout.site.id})).all()
    meters = [row for row in rows if only is None or any(f"{row[2]}/".startswith(f"{path}/") for path in only)]
    if not meters:
        return []
    slots = await _slots(session, [row[0] for row in meters], window)
    paths = {m.id: m.path for m in layout.machines.values()}
    states = await states_in(session, paths, window, now)
    lines = [m for m in layout.machines.values() if layout.units(m.path) and layout.constraint(m.path)]
    good = {line.path: await _good(session, layout, line.path, window) for line in lines}
    runs = await runs_in(session, {line.id: line.path for line in lines}, window, now)
    costs = layout.plant.costs.energy_kwh if layout.plant else Decimal(0)
    found: list[MeterFacts] = []
    for id, name, path in meters:
        at, used = rises(*slots.get(id, (np.empty(0, np.int64), np.empty(0))))
        inside = at >= _micros(window.start)
        at, used = at[inside], used[inside]
        machines = [m for m in _drawing(layout, path, states) if m.path in states]
        own = [line for line in lines if line.path == path]
        running = [shares(at, states[m.path]) for m in machines]
        found.append(
            MeterFacts(
                path, layout.machines[path].name, name, window, layout.site.currency, costs, at, used,
                tuple(m.name for m in machines), np.column_stack(running) if running else np.empty((len(at), 0)),
                _made(at, [good[line.path] for line in own or lines]), _products(at, runs.get(path, ())) if own else (None,) * len(at),
                _shifts(at, layout.shifts(window)),
            )
        )  # fmt: skip
    return found


async def _slots(session: AsyncSession, tags: list[int], window: Window) -> dict[int, tuple[Times, Floats]]:
    rows = (await session.execute(SLOTS, {"tags": tags, "start": window.start, "end": window.end})).all()
    found: dict[int, list[Any]] = {}
    for tag, at, last in rows:
        found.setdefault(tag, []).append((at, last))
    return {
        tag: (np.array([row[0] for row in some], np.int64), np.array([row[1] for row in some], np.float64))
        for tag, some in found.items()
    }


def _drawing(layout: Layout, path: str, states: Collection[str]) -> list[Machine]:
    if layout.units(path):
        return layout.units(path)
    if path in states:
        return [layout.machines[path]]
    return [m for m in layout.machines.values() if not layout.units(m.path)]


async def _good(session: AsyncSession, layout: Layout, line: str, window: Window) -> dict[int, float]:
    """Good pieces of a line by the slot: its constraint's, less what machines behind it threw out."""
    constraint = layout.constraint(line)
    behind = [m.id for m in layout.flow(line) if constraint and m.position > constraint.position and m.line == line]
    ids = [*([constraint.id] if constraint else []), *behind]
    found: dict[int, float] = {}
    rows = await session.execute(GOOD, {"ids": ids, "start": window.start, "end": window.end})
    for machine, slot, good, scrap in rows:
        found[slot] = found.get(slot, 0.0) + (-scrap if machine in behind else good)
    return found


def _made(at: Times, lines: Sequence[dict[int, float]]) -> Floats:
    return np.array([sum(line.get(slot, 0.0) for line in lines) for slot in at.tolist()], np.float64)


def _products(at: Times, runs: Sequence[RunSpan]) -> tuple[str | None, ...]:
    return _held(at, [(run.start, run.end, run.product) for run in runs])


def _shifts(at: Times, shifts: Sequence[ShiftSpan]) -> tuple[str | None, ...]:
    return _held(at, [(shift.start, shift.end, shift.name) for shift in shifts])


def _held(at: Times, spans: Sequence[tuple[datetime, datetime, str | None]]) -> tuple[str | None, ...]:
    """What held at the start of each slot."""
    found: list[str | None] = [None] * len(at)
    for start, end, name in spans:
        low, high = np.searchsorted(at, [_micros(start), _micros(end)])
        found[int(low) : int(high)] = [name] * int(high - low)
    return tuple(found)


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1e6)
