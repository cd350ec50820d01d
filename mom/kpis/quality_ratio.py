"""Quality ratio: good pieces of all pieces."""

from mom.kpis.kpi import Kpi, share

quality_ratio = Kpi(
    name="quality_ratio",
    title="Quality",
    unit="1",
    formula="GQ / PQ: good of produced; of a line, what its constraint or a machine behind it threw out is not good",
    source="ISO 22400-2:2014, no. 10",
    needs=("GQ", "PQ"),
    compute=lambda v: share(v["GQ"], v["PQ"]),
    undefined="nothing was made in this window",
    noun="counts",
    group="quality",
)
