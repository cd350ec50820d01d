"""Energy from cumulative meters: each rise belongs to the moment at which it was read, a reset counts from zero."""

from datetime import datetime

from mom.store.papers.asked import AskedPapers

METERS = """
SELECT g.id FROM tags g JOIN equipment t ON t.id = g.equipment_id
WHERE g.site_id = :site AND g.active AND g.meaning = 'energy' AND (t.path = :path OR starts_with(t.path, :below))
"""
USED = """
SELECT coalesce(sum(d.rise), 0) FROM unnest(CAST(:meters AS int[])) m(id)
CROSS JOIN unnest(CAST(:on AS timestamptz[]), CAST(:off AS timestamptz[])) w(start, stop)
CROSS JOIN LATERAL (
  SELECT CASE WHEN n.number >= n.before THEN n.number - n.before ELSE n.number END AS rise FROM (
    SELECT r.at, r.number, lag(r.number) OVER (ORDER BY r.at) AS before FROM (
      (SELECT at, number FROM readings WHERE tag_id = m.id AND at < w.start AND (status >> 30) & 3 = 0
        AND number IS NOT NULL ORDER BY at DESC LIMIT 1)
      UNION ALL
      SELECT at, number FROM readings WHERE tag_id = m.id AND at >= w.start AND at < w.stop AND (status >> 30) & 3 = 0
        AND number IS NOT NULL) r) n
  WHERE n.at >= w.start AND n.before IS NOT NULL) d
"""


FIRST = "SELECT at FROM readings WHERE tag_id = {meter} ORDER BY at LIMIT 1"


async def energy_in(asked: AskedPapers) -> tuple[float | None, datetime | None]:
    """(kWh in the scope's windows, since when it is metered); None where there is no meter. Sums over disjoint windows
    add up."""
    meters = [int(row[0]) for row in await asked.rows(METERS)]
    begun = [row[0] for meter in meters for row in await asked.rows(FIRST.replace("{meter}", str(meter)))]
    if not begun:
        return None, None
    used = await asked.rows(USED.replace(":meters", f"ARRAY{meters}"))
    return float(used[0][0]), max(begun)
