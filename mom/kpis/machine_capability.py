"""Machine capability Cm."""

from mom.kpis.capability import deviation, lowest, which, width
from mom.kpis.kpi import Kpi

machine_capability = Kpi(
    name="machine_capability",
    title="Machine capability Cm",
    unit="index",
    formula="(USL - LSL) / 6 s, s: standard deviation of at least 50 values; the lowest of all",
    source="ISO 22400-2:2014, no. 19",
    needs=("CAPABILITY",),
    compute=lambda v: lowest(width, deviation, v, 50),
    undefined="no characteristic has 50 values in this window",
    noun="inspection_results",
    note=lambda v, value: which(width, deviation, v, 50),
    group="quality",
)
