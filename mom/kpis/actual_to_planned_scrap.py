"""Actual to planned scrap: scrap against what the planners reckoned with."""

from mom.kpis.kpi import Kpi, share

actual_to_planned_scrap = Kpi(
    name="actual_to_planned_scrap",
    title="Actual to planned scrap",
    unit="1",
    formula="SQ / PSQ: scrap by the planned scrap of the pieces made (each order's share)",
    source="ISO 22400-2:2014, no. 14",
    needs=("SQ", "PSQ"),
    compute=lambda v: share(v["SQ"], v["PSQ"]),
    undefined="no scrap was planned for what was made",
    noun="orders",
    better="lower",
    group="quality",
)
