"""Production orders that were due, planned to end, or made in the window."""

from mom.papers import OrderPaper
from mom.store.papers.asked import AskedPapers

TOLD = 0.95
"""So much of what was made must be of orders that tell their planned scrap."""
MADE = """
made AS (
  SELECT c."order" AS key, sum(c.good) AS good FROM counts c
  JOIN equipment k ON k.id = c.equipment_id
  WHERE c.site_id = :site AND c."order" IN (SELECT key FROM asked WHERE good IS NULL)
    AND (k.is_constraint
    OR NOT EXISTS (SELECT FROM equipment w WHERE w.parent_id = k.parent_id AND w.is_constraint))
  GROUP BY 1
)"""
ORDERS = f"""
WITH asked AS (
  SELECT t.*, coalesce(s.ends_at, t.planned_end) AS ends_at FROM production_orders t
  LEFT JOIN schedule_entries s ON s.site_id = t.site_id AND s."order" = t.key AND s.superseded_at IS NULL
  WHERE {{current}} AND {{below}} AND t.status <> 'cancelled'
    AND (t.due_at >= :start AND t.due_at < :end OR coalesce(s.ends_at, t.planned_end) >= :start
      AND coalesce(s.ends_at, t.planned_end) < :end)
), {MADE}
SELECT o.key, o.product, o.quantity, o.due_at, o.ends_at,
  coalesce(o.finished_at, CASE WHEN o.status = 'done' THEN (SELECT max(r.ended_at) FROM runs r
    WHERE r.site_id = :site AND r."order" = o.key AND r.superseded_at IS NULL) END),
  coalesce(o.good, (SELECT m.good FROM made m WHERE m.key = o.key)), o.planned_scrap
FROM asked o ORDER BY o.key
"""
SCRAP = """
WITH orders AS MATERIALIZED (
  SELECT DISTINCT ON (t.key) t.key, t.planned_scrap, t.quantity FROM production_orders t WHERE {current}
  ORDER BY t.key, t.id DESC
), w AS MATERIALIZED (
  SELECT start, stop FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS one(start, stop)
  WHERE EXISTS (SELECT FROM orders WHERE planned_scrap IS NOT NULL)
)
SELECT coalesce(sum(c.produced * o.planned_scrap / nullif(o.quantity, 0)), 0), coalesce(sum(c.produced), 0),
  coalesce(sum(c.produced) FILTER (WHERE o.planned_scrap IS NOT NULL), 0)
FROM w
JOIN counts c ON c.equipment_id = ANY(CAST(:counters AS int[])) AND c.started_at >= w.start AND c.started_at < w.stop
LEFT JOIN orders o ON o.key = c."order"
WHERE (CAST(:product AS text) IS NULL OR c.product = :product) AND (CAST(:order AS text) IS NULL OR c."order" = :order)
"""
"""Where no order tells its planned scrap, no count is looked at: a long window has many."""


async def orders_in(asked: AskedPapers) -> tuple[OrderPaper, ...]:
    """What the ERP does not tell of finish and good pieces is taken from runs and counts of the line's constraint."""
    return tuple(OrderPaper(*row) for row in await asked.rows(ORDERS, "line"))


async def planned_scrap_in(asked: AskedPapers) -> float | None:
    """Planned scrap of the pieces that were made, each order's in proportion. None: too few orders tell theirs."""
    planned, made, told = (await asked.rows(SCRAP))[0]
    return None if told < TOLD * made or not told else planned
