"""Material: what was consumed and lost, what was issued from stock, and what lay there."""

from mom.papers import Booking, StockSpan
from mom.store.papers.asked import AskedPapers

BOOKED = """
SELECT t.at, t.kind, t.quantity, t.product, t."order" FROM material_bookings t
WHERE {current} AND {below} AND t.at >= :start AND t.at < :end AND NOT EXISTS (
  SELECT FROM products p WHERE p.site_id = t.site_id AND p.key = t.product AND upper_inf(p.recorded) AND p.unit <> t.unit)
ORDER BY t.at, t.key
"""
"""In the product's own unit only: kilograms of glue are no pieces."""
ISSUED = """
SELECT t.at, 'issue', t.quantity, CAST(NULL AS text), t."order", t.material, (
  SELECT l.unit_cost FROM stock_levels l WHERE l.site_id = t.site_id AND l.material = t.material AND upper_inf(l.recorded)
    AND l.at <= t.at ORDER BY l.at DESC LIMIT 1)
FROM stock_moves t WHERE {current} AND {below} AND t.at >= :start AND t.at < :end ORDER BY t.at, t.key
"""
STOCK = """
SELECT s.material, s.at, coalesce(s.until, :now), s.quantity, s.unit_cost FROM (
  SELECT t.material, t.at, t.quantity, t.unit_cost,
    lead(t.at) OVER (PARTITION BY t.material, t.equipment ORDER BY t.at, t.key) AS until
  FROM stock_levels t WHERE {current} AND {below} AND t.at < :end) s
WHERE coalesce(s.until, :now) > :start ORDER BY s.material, s.at
"""


async def bookings_in(asked: AskedPapers) -> tuple[Booking, ...]:
    return tuple(Booking(*row) for row in await asked.rows(BOOKED))


async def issues_in(asked: AskedPapers) -> tuple[Booking, ...]:
    return tuple(Booking(*row) for row in await asked.rows(ISSUED, "to_equipment"))


async def stock_in(asked: AskedPapers) -> tuple[StockSpan, ...]:
    """Levels that hold in the window, each until the next of its material and place."""
    return tuple(StockSpan(*row) for row in await asked.rows(STOCK))
