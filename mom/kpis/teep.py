"""TEEP: OEE against calendar time."""

from mom.kpis.kpi import Kpi, share

teep = Kpi(
    name="teep",
    title="TEEP",
    unit="1",
    formula="OEE x PBT / calendar time that was seen",
    source="in use beyond ISO 22400-2",
    needs=("PRI*PQ", "PQ", "GQ", "CALENDAR", "unknown"),
    compute=lambda v: share(v["PRI*PQ"] * v["GQ"] / v["PQ"] if v["PQ"] > 0 else 0.0, v["CALENDAR"] - v["unknown"]),
)
