"""Planned maintenance percentage: hours of work that were planned."""

from mom.kpis.kpi import Kpi, share

planned_maintenance_percentage = Kpi(
    name="planned_maintenance_percentage",
    title="Planned maintenance",
    unit="1",
    formula="planned hours / hours of maintenance work (preventive, inspection, or planned before it began)",
    source="SMRP best practices, 5.1",
    needs=("PMH", "MH"),
    compute=lambda v: share(v["PMH"], v["MH"]),
    undefined="no maintenance in this window",
    noun="maintenance_orders",
    group="maintenance",
)
