"""States, alarms and runs of a window, as spans."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import AlarmSpan, RunSpan, StateSpan, Window

STATES = text("""
SELECT s.equipment_id, s.id, s.started_at, s.ended_at, s.state, s.detail, s.mode
FROM unnest(CAST(:ids AS int[])) AS e(id)
JOIN state_intervals s ON s.equipment_id = e.id AND s.superseded_at IS NULL AND s.started_at < :end
  AND s.started_at >= COALESCE((
    SELECT max(b.started_at) FROM state_intervals b
    WHERE b.equipment_id = e.id AND b.superseded_at IS NULL AND b.started_at <= :start), '-infinity')
WHERE s.ended_at IS NULL OR s.ended_at > :start
ORDER BY s.equipment_id, s.started_at
""")
ALARMS = text("""
SELECT equipment_id, id, started_at, ended_at, code, text, stops FROM alarms
WHERE equipment_id = ANY(CAST(:ids AS int[])) AND superseded_at IS NULL AND started_at < :end
  AND (ended_at IS NULL OR ended_at > :start)
ORDER BY equipment_id, started_at, code
""")
RUNS = text("""
SELECT equipment_id, id, started_at, ended_at, "order", product FROM runs
WHERE equipment_id = ANY(CAST(:ids AS int[])) AND superseded_at IS NULL AND started_at < :end
  AND (ended_at IS NULL OR ended_at > :start)
ORDER BY equipment_id, started_at
""")

Paths = Mapping[int, str]
"""Equipment id -> path."""


async def states_in(
    session: AsyncSession, paths: Paths, window: Window, now: datetime
) -> dict[str, tuple[StateSpan, ...]]:
    """The current states of each machine that touch `window`, whole, by path."""
    rows = await _rows(session, STATES, paths, window)
    return _by_path(paths, rows, lambda r, path: StateSpan(r[1], r[2], r[3] or now, r[3] is None, path, *r[4:7]))


async def alarms_in(
    session: AsyncSession, paths: Paths, window: Window, now: datetime
) -> dict[str, tuple[AlarmSpan, ...]]:
    rows = await _rows(session, ALARMS, paths, window)
    return _by_path(paths, rows, lambda r, path: AlarmSpan(r[1], r[2], r[3] or now, r[3] is None, path, *r[4:7]))


async def runs_in(session: AsyncSession, paths: Paths, window: Window, now: datetime) -> dict[str, tuple[RunSpan, ...]]:
    """Runs of orders, by the path of their line."""
    rows = await _rows(session, RUNS, paths, window)
    return _by_path(paths, rows, lambda r, _: RunSpan(r[1], r[2], r[3] or now, r[3] is None, *r[4:6]))


async def _rows(session: AsyncSession, query: Any, paths: Paths, window: Window) -> list[Row[Any]]:
    values = {"ids": list(paths), "start": window.start, "end": window.end}
    return list((await session.execute(query, values)).all())


def _by_path(paths: Paths, rows: list[Row[Any]], make: Any) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        path = paths[row[0]]
        found.setdefault(path, []).append(make(row, path))
    return {path: tuple(spans) for path, spans in found.items()}
