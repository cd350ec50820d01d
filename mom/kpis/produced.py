"""Pieces produced."""

from mom.kpis.kpi import Kpi

produced = Kpi(
    name="produced",
    title="Produced",
    unit="pcs",
    formula="PQ: all pieces",
    source="ISO 22400-2:2014, element PQ",
    needs=("PQ",),
    compute=lambda v: v["PQ"],
    noun="counts",
)
