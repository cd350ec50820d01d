"""How much of a window was seen, over the equipment that a question is about."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.store.asked import Asked
from mom.store.sources import SILENT
from mom.store.statement import MACHINES, Statement

SPAN = "tstzrange(greatest(t.started_at, :start), greatest(least({end}, {last}), greatest(t.started_at, :start)))"
LAST = "least(:end, :now)"
"""What is yet to come cannot have been seen."""
SILENCE = f"""LEFT JOIN LATERAL (
  SELECT min(l.alive_at) AS at FROM tags g JOIN links l ON l.site_id = g.site_id AND l.connector = g.connector
  WHERE g.equipment_id = m.id AND g.active AND g.meaning = 'state'
    AND l.alive_at < CAST(:now AS timestamptz) - interval '{SILENT.total_seconds()} seconds') silent ON true
LEFT JOIN LATERAL (
  SELECT range_agg({SPAN.format(end="coalesce(t.ended_at, silent.at, :now)", last=LAST)}) AS spans
  FROM state_intervals t WHERE t.equipment_id = m.id AND t.superseded_at IS NULL AND t.state <> 'Unknown'
    AND t.started_at < :end AND coalesce(t.ended_at, silent.at, :now) > :start) known ON true"""
"""`known`: when the machine's state was known; one that lasts is believed as long as its source was heard."""
STATED = "EXISTS (SELECT FROM state_intervals s WHERE s.equipment_id = m.id)"
STATES = f"""
SELECT known.spans, extract(epoch FROM {LAST} - :start) AS seconds
FROM machines m JOIN sites site ON site.id = m.site_id {SILENCE} WHERE {STATED} {{only}}
"""
COUNTS = f"""
SELECT coalesce(reported.spans, tstzmultirange()) + CASE WHEN counted.since IS NULL THEN tstzmultirange() ELSE
    CASE WHEN {STATED} THEN coalesce(known.spans, tstzmultirange()) ELSE tstzmultirange(tstzrange(counted.since, counted.until))
    END * tstzmultirange(tstzrange(least(:start, {LAST}), {LAST})) - coalesce(gaps.spans, tstzmultirange()) END AS spans,
  extract(epoch FROM {LAST} - :start) AS seconds
FROM machines m JOIN sites site ON site.id = m.site_id {SILENCE}
LEFT JOIN LATERAL (
  SELECT range_agg({SPAN.format(end="t.ended_at", last=LAST)}) AS spans FROM counts t
  WHERE t.equipment_id = m.id AND t.source <> 'plc' AND t.started_at < :end AND t.ended_at > :start) reported ON true
LEFT JOIN LATERAL (
  SELECT min(c.started_at) AS since, max(c.ended_at) AS until FROM counts c
  WHERE c.equipment_id = m.id AND c.source = 'plc') counted ON true
LEFT JOIN LATERAL (
  SELECT range_agg(tstzrange(p.started_at, coalesce(p.ended_at, greatest(:now, p.started_at)))) AS spans FROM tags g
  JOIN gaps p ON p.site_id = g.site_id AND p.connector = g.connector AND (p.tag_id IS NULL OR p.tag_id = g.id)
  WHERE g.equipment_id = m.id AND g.active AND g.meaning IN ('produced', 'good')) gaps ON true
WHERE (reported.spans IS NOT NULL OR counted.since IS NOT NULL) {{only}}
"""
"""What a system reported is seen in its spans; what counters count, whenever they could be heard: a minute without
pieces was seen as well as one with them."""
SHARE = """
{machines}, seen AS ({seen})
SELECT sum((SELECT coalesce(sum(extract(epoch FROM upper(one) - lower(one))), 0) FROM unnest(spans) one))
    / nullif(sum(greatest(seconds, 0)), 0) FROM seen
"""


async def coverage_of(session: AsyncSession, question: Asked, statement: Statement) -> float | None:
    """0 to 1; None where the noun has nothing that tells it, or there is no window."""
    how = question.noun.seen_by
    if not how or question.start is None or question.end is None:
        return None
    only = "".join(f" AND {condition}" for condition in _only(question))
    seen = (COUNTS if how == "counts" else STATES).format(only=only)
    sql = SHARE.format(machines=MACHINES, seen=seen)
    found = await session.scalar(text(statement.filled(sql)), statement.values)
    return None if found is None else float(found)


def _only(question: Asked) -> list[str]:
    conditions = ["(CAST(:site_id AS int) IS NULL OR site.id = :site_id)"]
    for number, name in enumerate(question.where):
        one = question.dimensions[name]
        if one.place or name == "site":
            conditions.append(f"CAST({one.sql} AS text) = ANY(:w{number})")
    return conditions
