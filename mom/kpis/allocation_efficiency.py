"""Allocation efficiency: how much of the planned time was spent on orders."""

from mom.kpis.kpi import Kpi, share

allocation_efficiency = Kpi(
    name="allocation_efficiency",
    title="Allocation efficiency",
    unit="1",
    formula="AUBT / PBT: busy with orders in planned busy time",
    source="ISO 22400-2:2014, no. 4",
    needs=("AUBT", "PBT"),
    compute=lambda v: share(v["AUBT"], v["PBT"]),
)
