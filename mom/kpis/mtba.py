"""Mean time between assists: how long it runs until somebody must come."""

from mom.kpis.kpi import Kpi, share

mtba = Kpi(
    name="mtba",
    title="Mean time between assists",
    unit="s",
    formula="APT / stops from inside the machine, of any length",
    source="in use beyond ISO 22400-2",
    needs=("APT", "STOPS"),
    compute=lambda v: share(v["APT"], v["STOPS"]),
    undefined="no stop in this window",
    noun="stops",
    group="maintenance",
)
