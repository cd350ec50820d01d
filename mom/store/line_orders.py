"""The orders that a line was given, in the sequence of the plan: what a replay of the line lets it run."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.flow.orders import OrderFact

ORDERS = text("""
WITH ran AS (
  SELECT r."order" AS key, min(r.started_at) AS began
  FROM runs r JOIN equipment e ON e.id = r.equipment_id
  WHERE e.site_id = :site AND (e.path = :line OR starts_with(e.path, :below)) AND r.superseded_at IS NULL
    AND r.started_at > CAST(:start AS timestamptz) - interval '90 days'
  GROUP BY r."order")
SELECT o.key, o.product, o.quantity, o.due_at, o.release_at,
  CASE WHEN ran.began >= :end THEN ran.began
    ELSE coalesce(s.starts_at, CAST(o.more ->> 'starts_at' AS timestamptz)) END,
  o.status IN ('done', 'cancelled') AND coalesce(ran.began < :end, true)
FROM production_orders o
LEFT JOIN ran ON ran.key = o.key
LEFT JOIN schedule_entries s ON s.site_id = o.site_id AND s."order" = o.key AND s.superseded_at IS NULL
LEFT JOIN equipment e ON e.id = s.equipment_id
WHERE o.site_id = :site AND upper_inf(o.recorded) AND coalesce(e.path, o.line) IN (:line, :short)
  AND (o.due_at IS NULL OR o.due_at > :start)
ORDER BY coalesce(s.starts_at, o.due_at), o.key LIMIT 500
""")


async def line_orders(session: AsyncSession, site_id: int, line: str, window: Window) -> tuple[OrderFact, ...]:
    """Orders of the line (a path) that were not due before the window, as it stood at the window's end: what was begun later
    was still to come then, in the sequence in which it was run."""
    values = {
        "site": site_id, "line": line, "below": f"{line}/", "short": line.partition("/")[2], "start": window.start,
        "end": window.end,
    }  # fmt: skip
    return tuple(OrderFact(*row) for row in await session.execute(ORDERS, values))
