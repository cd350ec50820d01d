"""Maintenance orders that were reported, planned or worked on in the window."""

from mom.papers import WorkPaper
from mom.store.papers.asked import AskedPapers

AGAIN = "interval '7 days'"
"""The same part mended again within so long: it was not fixed at first."""
WORK = f"""
SELECT t.kind, t.status, t.reported_at, t.planned_at, coalesce(t.started_at, t.ended_at - make_interval(secs => 3600 * t.hours)),
  t.ended_at, t.hours, t.planned_hours, EXISTS (
    SELECT FROM maintenance_orders n WHERE n.site_id = t.site_id AND n.equipment = t.equipment AND n.kind = 'corrective'
      AND n.status <> 'cancelled' AND upper_inf(n.recorded) AND n.key <> t.key
      AND n.part IS NOT DISTINCT FROM t.part AND n.failure_mode IS NOT DISTINCT FROM t.failure_mode
      AND coalesce(n.started_at, n.reported_at) > t.ended_at
      AND coalesce(n.started_at, n.reported_at) <= t.ended_at + {AGAIN})
FROM maintenance_orders t
WHERE {{current}} AND {{below}} AND t.status <> 'cancelled'
  AND least(t.reported_at, t.planned_at, t.started_at, t.ended_at) < :end
  AND (t.ended_at IS NULL OR greatest(t.ended_at, t.planned_at) >= :start)
ORDER BY t.key
"""


async def work_in(asked: AskedPapers) -> tuple[WorkPaper, ...]:
    return tuple(WorkPaper(*row) for row in await asked.rows(WORK))
