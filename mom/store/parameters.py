"""Machine parameters and scrap by the hour: what quality is explained by, and a part of what is explained."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window

TAGS = text("""
SELECT t.id, e.path, e.name, t.title, t.name, t.meaning, t.unit FROM tags t JOIN equipment e ON e.id = t.equipment_id
WHERE e.site_id = :site AND e.path = ANY(CAST(:paths AS text[])) AND t.active AND t.meaning IN ('signal', 'speed')
ORDER BY t.id
""")
MEANS = text("""
SELECT tag_id, date_trunc('hour', at) AS hour,
  CASE WHEN sum(running_n) > 0 THEN sum(running_n * running_mean) / sum(running_n) ELSE sum(n * mean) / sum(n) END
FROM signal_means WHERE tag_id = ANY(CAST(:ids AS int[])) AND at >= :start AND at < :end GROUP BY 1, 2
""")
SCRAP = text("""
SELECT e.path, date_trunc('hour', c.started_at) AS hour, s.reason, sum(s.quantity)
FROM counts c JOIN equipment e ON e.id = c.equipment_id JOIN scrap_counts s ON s.count_id = c.id
WHERE c.site_id = :site AND e.path = ANY(CAST(:paths AS text[])) AND c.started_at >= :start AND c.started_at < :end
  AND c.ended_at - c.started_at <= interval '1 hour'
GROUP BY 1, 2, 3
""")
MADE = text("""
SELECT e.path, date_trunc('hour', c.started_at) AS hour, sum(c.produced), mode() WITHIN GROUP (ORDER BY c.product)
FROM counts c JOIN equipment e ON e.id = c.equipment_id
WHERE c.site_id = :site AND e.path = ANY(CAST(:paths AS text[])) AND c.started_at >= :start AND c.started_at < :end
  AND c.ended_at - c.started_at <= interval '1 hour'
GROUP BY 1, 2
""")


HASHED = text("SET LOCAL enable_nestloop = off")
"""Just after a past was loaded the planner takes the counts for a handful, and would look them all up for each piece of scrap."""
AS_EVER = text("SET LOCAL enable_nestloop = on")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A measured quantity of a machine, by the hour: its mean while the machine ran."""

    tag: str
    name: str  # as people say it: application torque at Capper 2
    equipment: str
    unit: str
    hours: Mapping[datetime, float]


@dataclass(frozen=True, slots=True)
class ScrapHour:
    """What a machine made in an hour, and its scrap by reason."""

    equipment: str
    hour: datetime
    produced: float
    product: str | None
    reasons: Mapping[str, float]


async def parameters_of(session: AsyncSession, site_id: int, paths: Sequence[str], window: Window) -> list[Parameter]:
    """The signals and speeds of these machines in the window."""
    tags = (await session.execute(TAGS, {"site": site_id, "paths": list(paths)})).all()
    values = {"ids": [tag.id for tag in tags], "start": window.start, "end": window.end}
    hours: dict[int, dict[datetime, float]] = defaultdict(dict)
    for tag_id, hour, mean in (await session.execute(MEANS, values)).all():
        hours[tag_id][hour] = mean
    return [
        Parameter(name, f"{title or (meaning if meaning == 'speed' else name)} at {machine}", path, unit, hours[id])
        for id, path, machine, title, name, meaning, unit in tags
        if id in hours
    ]


async def scrap_hours(session: AsyncSession, site_id: int, paths: Sequence[str], window: Window) -> list[ScrapHour]:
    """Every hour in which one of these machines made something, in order."""
    values = {"site": site_id, "paths": list(paths), "start": window.start, "end": window.end}
    reasons: dict[tuple[str, datetime], dict[str, float]] = defaultdict(dict)
    await session.execute(HASHED)
    for path, hour, reason, quantity in (await session.execute(SCRAP, values)).all():
        reasons[path, hour][reason] = quantity
    made = (await session.execute(MADE, values)).all()
    await session.execute(AS_EVER)
    rows = [
        ScrapHour(path, hour, n, product, reasons.get((path, hour), {})) for path, hour, n, product in made if n > 0
    ]
    return sorted(rows, key=lambda row: (row.equipment, row.hour))
