"""How much of a window was seen, over the equipment that a question is about."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.store.asked import Asked
from mom.store.statement import MACHINES, Statement

SPAN = "tstzrange(greatest(t.started_at, :start), greatest(least({end}, :end), greatest(t.started_at, :start)))"
SEEN = """
{machines}, seen AS (
  SELECT range_agg({span}) AS spans, extract(epoch FROM :end - :start) AS window_seconds {places}
  GROUP BY {machine}, site.id, site.time_zone
)
SELECT sum((SELECT coalesce(sum(extract(epoch FROM upper(one) - lower(one))), 0) FROM unnest(spans) one))
    / nullif(sum(window_seconds), 0) FROM seen
"""
STATES = """
{machines}
SELECT 1 - coalesce(sum(extract(epoch FROM upper(one) - lower(one))) FILTER (WHERE unknown), 0)
    / nullif(sum(extract(epoch FROM upper(one) - lower(one))), 0)
FROM (SELECT t.state = 'Unknown' AS unknown, {span} AS one
  FROM state_intervals t JOIN sites site ON site.id = t.site_id JOIN machines m ON m.id = t.equipment_id
  WHERE t.superseded_at IS NULL AND t.started_at < :end AND coalesce(t.ended_at, :now) > :start {only}) known
"""


async def coverage_of(session: AsyncSession, question: Asked, statement: Statement) -> float | None:
    """0 to 1; None where the noun has nothing that tells it, or there is no window."""
    how = question.noun.seen_by
    if not how or question.start is None or question.end is None:
        return None
    if how == "counts":
        sql = SEEN.format(
            machines=MACHINES,
            span=SPAN.format(end="t.ended_at"),
            places=statement.places,
            machine=question.noun.equipment,
        )
    else:
        only = " AND ".join(_only(question))
        span = SPAN.format(end="coalesce(t.ended_at, :now)")
        sql = STATES.format(machines=MACHINES, span=span, only=f"AND {only}" if only else "")
    values = statement.values
    found = await session.scalar(text(statement.filled(sql)), values)
    return None if found is None else float(found)


def _only(question: Asked) -> list[str]:
    conditions = ["(CAST(:site_id AS int) IS NULL OR site.id = :site_id)"]
    for number, name in enumerate(question.where):
        one = question.dimensions[name]
        if one.place or name == "site":
            conditions.append(f"CAST({one.sql} AS text) = ANY(:w{number})")
    return conditions
