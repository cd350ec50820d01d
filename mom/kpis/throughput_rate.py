"""Throughput rate: pieces by the time in which orders were carried out."""

from mom.kpis.kpi import Kpi, share

throughput_rate = Kpi(
    name="throughput_rate",
    title="Throughput rate",
    unit="1/h",
    formula="PQ / AOET: pieces per hour that an order was on",
    source="ISO 22400-2:2014, no. 3",
    needs=("PQ", "AOET"),
    compute=lambda v: share(3600 * v["PQ"], v["AOET"]),
    undefined="no order was on in this window",
    noun="counts",
    group="production",
)
