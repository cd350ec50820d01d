"""Maintenance orders: how many, how long, what they cost."""

from mom.store.noun import Dimension, Measure, record_noun

maintenance = record_noun(
    "maintenance_orders",
    "Maintenance orders",
    {
        "order": Dimension("t.key"),
        "kind": Dimension("t.kind"),
        "part": Dimension("t.part"),
        "failure": Dimension("t.failure_mode"),
        "status": Dimension("t.status"),
        "technician": Dimension("t.technician"),
    },
    {
        "orders": Measure("count(*)", "How many orders."),
        "hours": Measure("sum(t.hours)", "Working hours.", "h"),
        "cost": Measure("sum(t.cost)", "What they cost."),
    },
    ("orders", "hours", "cost"),
    equipment="t.equipment",
    time="coalesce(t.started_at, t.planned_at, t.reported_at)",
    name="maintenance",
)
