"""Schedule adherence: orders that ended when the schedule said."""

from mom.kpis.kpi import Kpi, share

schedule_adherence = Kpi(
    name="schedule_adherence",
    title="Schedule adherence",
    unit="1",
    formula="orders planned to end in the window that ended within 8 h of it, of orders planned to end",
    source="in use beyond ISO 22400-2",
    needs=("ADHERED", "PLANNED"),
    compute=lambda v: share(v["ADHERED"], v["PLANNED"]),
    undefined="no order was planned to end in this window",
    noun="orders",
    group="production",
)
