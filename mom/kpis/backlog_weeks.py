"""Backlog: weeks that the maintenance team would need for the work that waits."""

from mom.kpis.kpi import Kpi, share

backlog_weeks = Kpi(
    name="backlog_weeks",
    title="Maintenance backlog",
    unit="weeks",
    formula="mean hours of open work in the window / hours of the site's maintenance team in a week",
    source="SMRP best practices, 5.4.9",
    needs=("BACKLOG", "CREW_HOURS"),
    compute=lambda v: share(v["BACKLOG"] / 168, v["CREW_HOURS"]),
    undefined="the maintenance team had no hours in this window",
    noun="maintenance_orders",
    better="lower",
    group="maintenance",
)
