"""NEE: net equipment effectiveness, in which set-up counts as processing."""

from mom.kpis.kpi import Kpi, Values, share


def _compute(v: Values) -> float | None:
    if v["APT"] <= 0 or v["PQ"] <= 0:
        return None
    busy = share(v["AUPT"], v["PBT"])
    return busy * v["PRI*PQ"] / v["APT"] * v["GQ"] / v["PQ"] if busy is not None else None


nee = Kpi(
    name="nee",
    title="NEE",
    unit="1",
    formula="AUPT / PBT x performance x quality",
    source="ISO 22400-2:2014, no. 7",
    needs=("AUPT", "APT", "PBT", "PRI*PQ", "PQ", "GQ"),
    compute=_compute,
    undefined="it did not produce in this window",
)
