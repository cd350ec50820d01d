"""Allocation ratio: how busy the machines were while an order was carried out."""

from mom.kpis.kpi import Kpi, share

allocation_ratio = Kpi(
    name="allocation_ratio",
    title="Allocation ratio",
    unit="1",
    formula="sum of AUBT / AOET: busy time of all machines of the line by the time that orders were on; above 1 where several work at once",
    source="ISO 22400-2:2014, no. 2",
    needs=("SUM_AUBT", "AOET"),
    compute=lambda v: share(v["SUM_AUBT"], v["AOET"]),
    undefined="no order was on in this window",
    noun="runs",
    group="production",
)
