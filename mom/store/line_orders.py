"""The orders that a line was given, in the sequence of the plan: what a replay of the line lets it run."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.flow.orders import OrderFact

ORDERS = text("""
SELECT o.key, o.product, o.quantity, o.due_at, o.release_at,
  coalesce(s.starts_at, CAST(o.more ->> 'starts_at' AS timestamptz)), o.status IN ('done', 'cancelled')
FROM production_orders o
LEFT JOIN schedule_entries s ON s.site_id = o.site_id AND s."order" = o.key AND s.superseded_at IS NULL
LEFT JOIN equipment e ON e.id = s.equipment_id
WHERE o.site_id = :site AND upper_inf(o.recorded) AND coalesce(e.path, o.line) IN (:line, :short)
  AND (o.due_at IS NULL OR o.due_at > :start)
ORDER BY coalesce(s.starts_at, o.due_at), o.key LIMIT 500
""")


async def line_orders(session: AsyncSession, site_id: int, line: str, window: Window) -> tuple[OrderFact, ...]:
    """Orders of the line (a path) that were not due before the window."""
    values = {"site": site_id, "line": line, "short": line.partition("/")[2], "start": window.start}
    return tuple(OrderFact(*row) for row in await session.execute(ORDERS, values))
