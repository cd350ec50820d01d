"""What a machine does in its good hours, by product: the speed that it is held against beside its standard."""

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import OwnBest
from mom.store.states import Paths

WEEKS = timedelta(days=28)
RAN = 2700.0
"""Seconds of an hour that it must have produced, one product alone, for the hour to tell a speed."""
ENOUGH = 12
"""Hours of a product without which nothing is called its best."""
GOOD, POOR = 0.8, 0.2
"""Quantiles of its hours: what it does in a good one, and in a poor one that is still ordinary."""
# What was counted over a silence, or reported by a system for a shift, fell into no hour: it tells no speed. Of a state that
# began before the hour only the last one reaches into it, however long ago it began.
HOURS = text("""
SELECT h.equipment_id, h.product, h.produced * 60 / r.seconds AS speed FROM (
  SELECT equipment_id, date_bin('1 hour', started_at, '2000-01-01T00:00:00Z') AS hour, min(product) AS product,
    sum(produced) AS produced
  FROM counts WHERE equipment_id = ANY(CAST(:ids AS int[])) AND started_at >= :start AND started_at < :end
    AND source = 'plc' AND key = '' AND product IS NOT NULL
  GROUP BY 1, 2 HAVING min(product) = max(product) AND sum(produced) > 0) h
CROSS JOIN LATERAL (
  SELECT sum(extract(epoch FROM least(coalesce(s.ended_at, h.hour + interval '1 hour'), h.hour + interval '1 hour')
    - greatest(s.started_at, h.hour)))::float8 AS seconds
  FROM (
    (SELECT state, mode, started_at, ended_at FROM state_intervals WHERE equipment_id = h.equipment_id
      AND superseded_at IS NULL AND started_at < h.hour ORDER BY started_at DESC LIMIT 1)
    UNION ALL
    SELECT state, mode, started_at, ended_at FROM state_intervals WHERE equipment_id = h.equipment_id
      AND superseded_at IS NULL AND started_at >= h.hour AND started_at < h.hour + interval '1 hour') s
  WHERE s.state = 'Execute' AND s.mode = '' AND coalesce(s.ended_at, 'infinity') > h.hour) r
WHERE r.seconds >= :ran
""")


async def own_best_in(session: AsyncSession, paths: Paths, before: datetime) -> dict[str, dict[str, OwnBest]]:
    """By path and product, from the WEEKS that ended at `before`; products with too few hours are left out."""
    if not paths:
        return {}
    values = {"ids": list(paths), "start": before - WEEKS, "end": before, "ran": RAN}
    speeds: dict[tuple[str, str], list[float]] = {}
    for equipment, product, speed in await session.execute(HOURS, values):
        speeds.setdefault((paths[equipment], product), []).append(float(speed))
    found: dict[str, dict[str, OwnBest]] = {}
    for (path, product), some in speeds.items():
        if len(some) >= ENOUGH:
            found.setdefault(path, {})[product] = _best(some)
    return found


def _best(speeds: Collection[float]) -> OwnBest:
    good, poor = np.quantile(np.array(list(speeds)), [GOOD, POOR])
    return OwnBest(float(good), float(1 - poor / good), len(speeds))
