"""Scrap ratio: scrapped pieces of all pieces."""

from mom.kpis.kpi import Kpi, share

scrap_ratio = Kpi(
    name="scrap_ratio",
    title="Scrap ratio",
    unit="1",
    formula="SQ / PQ: scrapped of produced",
    source="ISO 22400-2:2014, no. 16",
    needs=("SQ", "PQ"),
    compute=lambda v: share(v["SQ"], v["PQ"]),
    undefined="nothing was made in this window",
    noun="counts",
    better="lower",
    group="quality",
)
