"""Rework ratio: reworked pieces of all pieces."""

from mom.kpis.kpi import Kpi, share

rework_ratio = Kpi(
    name="rework_ratio",
    title="Rework ratio",
    unit="1",
    formula="RQ / PQ: reworked of produced",
    source="ISO 22400-2:2014, no. 17",
    needs=("RQ", "PQ"),
    compute=lambda v: share(v["RQ"], v["PQ"]),
    undefined="nothing was made in this window",
    noun="counts",
    better="lower",
    group="quality",
)
