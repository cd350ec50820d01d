"""Production orders, and how far they are by the pieces counted for them."""

from mom.store.noun import Dimension, Measure, record_noun

MADE = """LEFT JOIN (SELECT c.site_id, c."order", sum(c.good) AS good FROM counts c JOIN machines k ON k.id = c.equipment_id
    WHERE c."order" IS NOT NULL AND k.counts_for_line GROUP BY 1, 2) made ON made.site_id = t.site_id AND made."order" = t.key"""

orders = record_noun(
    "production_orders",
    "Production orders",
    {
        "order": Dimension("t.key"),
        "product": Dimension("t.product"),
        "status": Dimension("t.status"),
        "customer": Dimension("t.customer"),
        "due": Dimension("to_char(timezone(site.time_zone, t.due_at), 'YYYY-MM-DD HH24:MI')"),
    },
    {
        "orders": Measure("count(*)", "How many orders are due."),
        "quantity": Measure("sum(t.quantity)", "Pieces ordered.", "pcs"),
        "made": Measure("sum(made.good)", "Good pieces counted for the order, whenever.", "pcs"),
    },
    ("orders", "quantity", "made"),
    equipment="t.line",
    time="t.due_at",
    joins={"": MADE},
    name="orders",
)
