"""Measured quantities in means of five minutes, over days."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.history.readings import POSTGRES_EPOCH
from mom.history.values import Means
from mom.measured import Measured
from mom.store.states import Paths

TAGS = text("""
    SELECT id, equipment_id, name, coalesce(nullif(title, ''), name), unit, meaning, CAST(config ->> 'low' AS float8),
      CAST(config ->> 'high' AS float8)
    FROM tags WHERE equipment_id = ANY(CAST(:ids AS int[])) AND active AND meaning IN ('signal', 'speed', 'energy') ORDER BY name
""")
MEANS = text("""
    SELECT tag_id, string_agg(timestamptz_send(at), CAST('' AS bytea) ORDER BY at),
      string_agg(int4send(n), CAST('' AS bytea) ORDER BY at), string_agg(int4send(running_n), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(mean), CAST('' AS bytea) ORDER BY at), string_agg(float8send(low), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(high), CAST('' AS bytea) ORDER BY at), string_agg(float8send(first), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(last), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(running_mean, 'NaN')), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(running_spread, 'NaN')), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(share, 'NaN')), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(load_2, 'NaN')), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(load_5, 'NaN')), CAST('' AS bytea) ORDER BY at),
      string_agg(float8send(coalesce(load_15, 'NaN')), CAST('' AS bytea) ORDER BY at)
    FROM signal_means WHERE tag_id = ANY(CAST(:tags AS int[])) AND at >= :start AND at < :end GROUP BY tag_id
""")
"""Columns as bytes, which numpy reads as they are."""


async def means_in(session: AsyncSession, paths: Paths, window: Window) -> dict[str, tuple[Measured, ...]]:
    """The quantities measured at each of `paths`, by path; those of which nothing was told are left out."""
    tags = (await session.execute(TAGS, {"ids": list(paths)})).all()
    values = {"tags": [tag[0] for tag in tags], "start": window.start, "end": window.end}
    rows = (await session.execute(MEANS, values)).all()
    told = {row[0]: _means(row) for row in rows}
    found: dict[str, list[Measured]] = {}
    for id, equipment, name, title, unit, meaning, low, high in tags:
        if id in told:
            path = paths[equipment]
            found.setdefault(path, []).append(Measured(name, title, unit, meaning, path, told[id], low, high))
    return {path: tuple(some) for path, some in found.items()}


def _means(row: Sequence[Any]) -> Means:
    at = np.frombuffer(row[1], ">i8").astype(np.int64) + POSTGRES_EPOCH
    n, running_n = (np.frombuffer(column, ">i4").astype(np.int64) for column in row[2:4])
    floats = [np.frombuffer(column, ">f8").astype(np.float64) for column in row[4:15]]
    mean, low, high, first, last, running, spread, share = floats[:8]
    return Means(at, n, mean, low, high, first, last, running_n, running, spread, share, np.column_stack(floats[8:]))
