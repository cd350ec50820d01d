"""Stops of a window, as spans."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import StopSpan, Window
from mom.store.request import Request, fetch
from mom.store.states import Paths, spans_wanted

STOPS = text("""
SELECT s.equipment_id, s.id, s.started_at, s.ended_at, s.state, s.reason, s.reason_by
FROM unnest(CAST(:ids AS int[])) AS e(id)
JOIN stops s ON s.equipment_id = e.id AND s.superseded_at IS NULL AND s.started_at < :end
  AND s.started_at >= COALESCE((
    SELECT max(b.started_at) FROM stops b
    WHERE b.equipment_id = e.id AND b.superseded_at IS NULL AND b.started_at <= :start), '-infinity')
WHERE s.ended_at IS NULL OR s.ended_at > :start
ORDER BY s.equipment_id, s.started_at
""")


async def stops_in(
    session: AsyncSession, paths: Paths, window: Window, now: datetime
) -> dict[str, tuple[StopSpan, ...]]:
    """The current stops of each machine that touch `window`, whole, by path."""
    return await fetch(session, stops_wanted(paths, window, now))


def stops_wanted(paths: Paths, window: Window, now: datetime) -> Request[dict[str, tuple[StopSpan, ...]]]:
    def span(r: Any, path: str) -> StopSpan:
        return StopSpan(r[1], r[2], r[3] or now, r[3] is None, path, *r[4:7])

    return spans_wanted(STOPS, paths, window, span)
