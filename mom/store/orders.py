"""Production orders that are not finished, with what is made of them and when their plan ends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

OPEN = text("""
WITH made AS (
  SELECT c."order", sum(c.good) AS good FROM counts c JOIN equipment k ON k.id = c.equipment_id
  WHERE c.site_id = :site AND (k.is_constraint
      OR NOT EXISTS (SELECT FROM equipment w WHERE w.parent_id = k.parent_id AND w.is_constraint))
    AND c."order" IN (SELECT key FROM production_orders WHERE site_id = :site AND status NOT IN ('done', 'cancelled'))
  GROUP BY 1
)
SELECT o.key, o.product, o.quantity, o.due_at, o.status, e.name, s.starts_at, s.ends_at,
  (SELECT min(r.started_at) FROM runs r WHERE r.site_id = o.site_id AND r."order" = o.key AND r.superseded_at IS NULL),
  (SELECT m.good FROM made m WHERE m."order" = o.key)
FROM production_orders o
LEFT JOIN schedule_entries s ON s.site_id = o.site_id AND s."order" = o.key AND s.superseded_at IS NULL
LEFT JOIN equipment e ON e.id = s.equipment_id OR (s.id IS NULL AND e.site_id = o.site_id AND e.path = o.line)
WHERE o.site_id = :site AND upper_inf(o.recorded) AND o.status NOT IN ('done', 'cancelled')
ORDER BY o.due_at NULLS LAST, o.key LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """`made`: good pieces so far; `ends_at`: by the plan."""

    key: str
    product: str
    quantity: float
    due_at: datetime | None
    status: str
    line: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    begun_at: datetime | None
    made: float | None

    def is_late(self, now: datetime) -> bool:
        """Due and not made, or planned to end after it is due."""
        if self.due_at is None or (self.made or 0) >= self.quantity:
            return False
        return self.due_at <= now or (self.ends_at is not None and self.ends_at > self.due_at)


async def open_orders(session: AsyncSession, site_id: int, most: int = 50) -> list[OpenOrder]:
    """Those that are due first, first."""
    rows = (await session.execute(OPEN, {"site": site_id, "most": most})).all()
    return [OpenOrder(*row) for row in rows]
