"""Scrapped pieces."""

from mom.kpis.kpi import Kpi

scrap = Kpi(
    name="scrap",
    title="Scrap",
    unit="pcs",
    formula="SQ: scrapped pieces",
    source="ISO 22400-2:2014, element SQ",
    needs=("SQ",),
    compute=lambda v: v["SQ"],
    noun="counts",
    better="lower",
    group="quality",
)
