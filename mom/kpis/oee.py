"""OEE: overall equipment effectiveness."""

from mom.kpis.kpi import Kpi, Values, share


def _compute(v: Values) -> float | None:
    """Availability x effectiveness x quality, with what cancels out left out: PRI x GQ / PBT."""
    if v["PQ"] <= 0:
        return 0.0 if v["PBT"] > 0 else None
    return share(v["PRI*PQ"] * v["GQ"] / v["PQ"], v["PBT"])


oee = Kpi(
    name="oee",
    title="OEE",
    unit="1",
    formula="availability x performance x quality = APT/PBT x PRI x PQ/APT x GQ/PQ",
    source="ISO 22400-2:2014, no. 6",
    needs=("APT", "PBT", "PRI*PQ", "PQ", "GQ"),
    compute=_compute,
    undefined="no planned busy time in this window",
)
