"""Availability: how much of the planned busy time the machine produced."""

from mom.kpis.kpi import Kpi, share

availability = Kpi(
    name="availability",
    title="Availability",
    unit="1",
    formula="APT / PBT: production time in planned busy time; set-up is not production",
    source="ISO 22400-2:2014, no. 8",
    needs=("APT", "PBT"),
    compute=lambda v: share(v["APT"], v["PBT"]),
    undefined="no planned busy time in this window",
)
