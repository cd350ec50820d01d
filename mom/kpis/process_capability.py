"""Process capability Cp."""

from mom.kpis.capability import lowest, moving, which, width
from mom.kpis.kpi import Kpi

process_capability = Kpi(
    name="process_capability",
    title="Process capability Cp",
    unit="index",
    formula="(USL - LSL) / 6 sigma, sigma: mean moving range within orders / 1.128, of at least 25 values; the lowest of all",
    source="ISO 22400-2:2014, no. 21",
    needs=("CAPABILITY",),
    compute=lambda v: lowest(width, moving, v, 25),
    undefined="no characteristic has 25 values in this window",
    noun="inspection_results",
    note=lambda v, value: which(width, moving, v, 25),
    group="quality",
)
