"""Throughput: pieces per planned hour."""

from mom.kpis.kpi import Kpi, share

throughput = Kpi(
    name="throughput",
    title="Throughput",
    unit="1/h",
    formula="PQ / planned busy time (without states: shift time), pieces per hour",
    source="after ISO 22400-2:2014, no. 3, over a window",
    needs=("PQ", "PT"),
    compute=lambda v: share(3600 * v["PQ"], v.get("PBT", v["PT"])),
    noun="counts",
)
