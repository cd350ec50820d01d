"""States, alarms and runs of a window, as spans."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import AlarmSpan, RunSpan, StateSpan, Window
from mom.store.request import Request, Rows, fetch

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
    return await fetch(session, states_wanted(paths, window, now))


def states_wanted(paths: Paths, window: Window, now: datetime) -> Request[dict[str, tuple[StateSpan, ...]]]:
    def span(r: Any, path: str) -> StateSpan:
        return StateSpan(r[1], r[2], r[3] or now, r[3] is None, path, *r[4:7])

    return spans_wanted(STATES, paths, window, span)


async def alarms_in(
    session: AsyncSession, paths: Paths, window: Window, now: datetime
) -> dict[str, tuple[AlarmSpan, ...]]:
    return await fetch(session, alarms_wanted(paths, window, now))


def alarms_wanted(paths: Paths, window: Window, now: datetime) -> Request[dict[str, tuple[AlarmSpan, ...]]]:
    def span(r: Any, path: str) -> AlarmSpan:
        return AlarmSpan(r[1], r[2], r[3] or now, r[3] is None, path, *r[4:7])

    return spans_wanted(ALARMS, paths, window, span)


async def runs_in(session: AsyncSession, paths: Paths, window: Window, now: datetime) -> dict[str, tuple[RunSpan, ...]]:
    """Runs of orders, by the path of their line."""
    return await fetch(session, runs_wanted(paths, window, now))


def runs_wanted(paths: Paths, window: Window, now: datetime) -> Request[dict[str, tuple[RunSpan, ...]]]:
    def span(r: Any, path: str) -> RunSpan:
        return RunSpan(r[1], r[2], r[3] or now, r[3] is None, *r[4:6])

    return spans_wanted(RUNS, paths, window, span)


def spans_wanted(
    query: TextClause, paths: Paths, window: Window, span: Callable[[Any, str], Any]
) -> Request[dict[str, tuple[Any, ...]]]:
    """The rows of `query` by path, in its order; `span` makes one of a row and its path."""

    def read(rows: Rows) -> dict[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = {}
        for row in rows:
            path = paths[row[0]]
            found.setdefault(path, []).append(span(row, path))
        return {path: tuple(spans) for path, spans in found.items()}

    values = {"ids": list(paths), "start": window.start, "end": window.end}
    return Request(((query, values),), read)
