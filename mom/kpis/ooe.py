"""OOE: overall operations effectiveness, against the time of the shifts, planned stops in them included."""

from mom.kpis.kpi import Kpi, share

ooe = Kpi(
    name="ooe",
    title="OOE",
    unit="1",
    formula="APT / operating time x performance x quality; operating time: PBT and planned stops within shifts",
    source="in use beyond ISO 22400-2",
    needs=("PRI*PQ", "PQ", "GQ", "OPT"),
    compute=lambda v: share(v["PRI*PQ"] * v["GQ"] / v["PQ"] if v["PQ"] > 0 else 0.0, v["OPT"]),
    undefined="no shift in this window",
    group="production",
)
