"""Schedule compliance of maintenance: work done when it was scheduled."""

from mom.kpis.kpi import Kpi, share

maintenance_schedule_compliance = Kpi(
    name="maintenance_schedule_compliance",
    title="Maintenance schedule compliance",
    unit="1",
    formula="maintenance orders scheduled in the window that were done within a day of it, of orders scheduled",
    source="SMRP best practices, 5.4.4",
    needs=("COMPLIED", "SCHEDULED"),
    compute=lambda v: share(v["COMPLIED"], v["SCHEDULED"]),
    undefined="no maintenance was scheduled in this window",
    noun="maintenance_orders",
    group="maintenance",
)
