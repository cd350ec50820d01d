"""A measured quantity over time, for the eye: means of stretches, few enough to draw."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import NotFound
from mom.facts import Window

MOST = 240
"""Points of a curve."""
SLOT = 300
"""Seconds: what the history keeps means of."""
TAG = text("""
SELECT id, coalesce(nullif(title, ''), name), unit, config ->> 'type' = 'text'
FROM tags WHERE site_id = :site AND name = :name
""")
MEANS = text("""
SELECT to_timestamp(floor(extract(epoch FROM at) / :step) * :step),
       coalesce(sum(running_mean * running_n) / nullif(sum(running_n), 0), sum(mean * n) / sum(n)), sum(n)
FROM signal_means WHERE tag_id = :tag AND at >= :start AND at < :end GROUP BY 1 ORDER BY 1
""")

READINGS = text("""
SELECT to_timestamp(floor(extract(epoch FROM at) / :step) * :step), avg(number), count(*) FROM readings
WHERE tag_id = :tag AND at < :end AND number IS NOT NULL AND (status >> 30) & 3 = 0
  AND at >= coalesce((SELECT max(at) FROM readings WHERE tag_id = :tag AND at <= :start AND number IS NOT NULL
    AND (status >> 30) & 3 = 0), :start)
GROUP BY 1 ORDER BY 1
""")
"""Of what no means are kept (a set point is told when it changes): the last reading before the window tells where it stood."""


@dataclass(frozen=True, slots=True)
class Curve:
    """`points`: when each stretch began, and its mean (while the machine ran, where it ran). `step`: seconds of a stretch.
    `steady`: it was told all the time; else only when it changed, so that points do not weigh alike.
    `worded`: it tells words, which have no course."""

    title: str
    unit: str
    window: Window
    step: int
    points: tuple[tuple[datetime, float], ...]
    readings: int
    steady: bool
    worded: bool = False


async def curve_of(session: AsyncSession, site_id: int, name: str, window: Window) -> Curve:
    """The signal with this name in a window. Raises NotFound."""
    found = (await session.execute(TAG, {"site": site_id, "name": name})).first()
    if found is None:
        raise NotFound(f"There is no signal {name} here.")
    tag, title, unit, worded = found
    step = SLOT * max(1, -(-int(window.seconds) // (SLOT * MOST)))
    if worded:  # its readings have no number: to look for the last one would read them all
        return Curve(title, unit or "", window, step, (), 0, False, worded=True)
    values = {"tag": tag, "start": window.start, "end": window.end, "step": step}
    means = (await session.execute(MEANS, values)).all()
    rows = means or (await session.execute(READINGS, values)).all()
    points = tuple((row[0], float(row[1])) for row in rows)
    return Curve(title, unit or "", window, step, points, sum(int(row[2]) for row in rows), bool(means))
