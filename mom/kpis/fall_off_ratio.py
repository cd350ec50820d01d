"""Fall-off ratio: what this operation threw out of what the first operation made."""

from mom.kpis.kpi import Kpi, share

fall_off_ratio = Kpi(
    name="fall_off_ratio",
    title="Fall-off ratio",
    unit="1",
    formula="scrap of the operation (of a line: of all its machines) / PQ of the line's first machine",
    source="ISO 22400-2:2014, no. 18",
    needs=("LSQ", "PQ1"),
    compute=lambda v: share(v["LSQ"], v["PQ1"]),
    undefined="the line's first machine made nothing",
    noun="counts",
    better="lower",
    group="quality",
)
