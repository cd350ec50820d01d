"""Stretches in which a machine's counters told nothing, or told it badly: its pieces are then not known."""

from datetime import datetime, timedelta

from sqlalchemy import text

from mom.facts import Window
from mom.history.calendar import merged
from mom.store.request import Request, Rows
from mom.store.states import Paths

COUNTERS = """
counters AS (
  SELECT t.id, t.equipment_id, t.connector FROM tags t
  WHERE t.site_id = :site AND t.active AND t.meaning IN ('produced', 'good') AND t.equipment_id = ANY(CAST(:ids AS int[]))
)
"""
GAPS = text(f"""
WITH {COUNTERS}
SELECT t.equipment_id, g.started_at, coalesce(g.ended_at, :now) FROM counters t
JOIN gaps g ON g.site_id = :site AND g.connector = t.connector AND (g.tag_id IS NULL OR g.tag_id = t.id)
WHERE g.started_at < :end AND (g.ended_at IS NULL OR g.ended_at > :start)
""")
BAD = text(f"""
WITH {COUNTERS}, told AS (
  SELECT c.equipment_id, c.started_at, c.ended_at FROM counts c
  WHERE c.equipment_id = ANY(CAST(:ids AS int[])) AND c.equipment_id IN (SELECT equipment_id FROM counters)
    AND c.source = 'plc' AND c.good > 0 AND c.produced > 0
    AND c.started_at >= :low AND c.started_at < :high
  UNION ALL SELECT DISTINCT t.equipment_id, CAST(:low AS timestamptz), CAST(:low AS timestamptz) FROM counters t
), holes AS (
  SELECT equipment_id, since, until FROM (
    SELECT equipment_id, ended_at AS since, coalesce(
      lead(started_at) OVER (PARTITION BY equipment_id ORDER BY started_at, ended_at), :high) AS until
    FROM told) h
  WHERE since < :end AND until > :start
)
SELECT h.equipment_id,
  coalesce((SELECT min(r.at) FROM readings r WHERE r.tag_id = t.id AND r.at <= last.at
      AND r.at > coalesce(good.at, h.since - interval '1 minute')), h.since),
  coalesce((SELECT date_trunc('minute', r.at) + interval '1 minute' FROM readings r
    WHERE r.tag_id = t.id AND r.at > last.at AND r.at <= :high AND (r.status >> 30) & 3 = 0 ORDER BY r.at LIMIT 1), :high)
FROM holes h JOIN counters t ON t.equipment_id = h.equipment_id
CROSS JOIN LATERAL (
  SELECT r.at, r.status FROM readings r WHERE r.tag_id = t.id AND r.at <= h.until ORDER BY r.at DESC LIMIT 1) last
LEFT JOIN LATERAL (
  SELECT r.at FROM readings r WHERE r.tag_id = t.id AND r.at <= last.at AND r.at > h.since - interval '1 minute'
    AND (r.status >> 30) & 3 = 0
  ORDER BY r.at DESC LIMIT 1) good ON true
WHERE h.until - h.since > interval '1 minute' AND (last.status >> 30) & 3 <> 0
""")
"""Only where no pieces were told is looked for a bad status, and only there: a counter's readings are many. It lasts to the end of the
minute in which the counter is good again, whose pieces are those of the whole stretch."""
AROUND = timedelta(days=1)
"""So far beyond the window a hole is looked at: an hour by itself then says the same as within a year."""


def uncounted_wanted(
    site_id: int, paths: Paths, window: Window, now: datetime
) -> Request[dict[str, tuple[Window, ...]]]:
    """By path, in order of time, none overlapping another. Scrap counters alone leave the pieces known."""

    def read(gaps: Rows, bad: Rows) -> dict[str, tuple[Window, ...]]:
        found: dict[str, list[Window]] = {}
        for equipment, start, end in [*gaps, *bad]:
            if cut := window.cut(start, end):
                found.setdefault(paths[equipment], []).append(cut)
        return {path: merged(windows) for path, windows in found.items()}

    values = {"site": site_id, "ids": list(paths), "start": window.start, "end": window.end, "now": now}
    values |= {"low": window.start - AROUND, "high": max(window.end, min(window.end + AROUND, now))}
    return Request(((GAPS, values), (BAD, values)), read)
