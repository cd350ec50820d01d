"""Production process ratio: how much of the orders' time the machines produced."""

from mom.kpis.kpi import Kpi, share

production_process_ratio = Kpi(
    name="production_process_ratio",
    title="Production process ratio",
    unit="1",
    formula="sum of APT / AOET: production time of all machines of the line by the time that orders were on; above 1 where several work at once",
    source="ISO 22400-2:2014, no. 13",
    needs=("SUM_APT", "AOET"),
    compute=lambda v: share(v["SUM_APT"], v["AOET"]),
    undefined="no order was on in this window",
    noun="runs",
    group="production",
)
