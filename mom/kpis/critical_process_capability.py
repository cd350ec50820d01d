"""Critical process capability Cpk."""

from mom.kpis.capability import lowest, moving, nearest, which
from mom.kpis.kpi import Kpi

critical_process_capability = Kpi(
    name="critical_process_capability",
    title="Critical process capability Cpk",
    unit="index",
    formula="min(USL - mean, mean - LSL) / 3 sigma, sigma: mean moving range within orders / 1.128, of at least 25 values; the lowest of all",
    source="ISO 22400-2:2014, no. 22",
    needs=("CAPABILITY",),
    compute=lambda v: lowest(nearest, moving, v, 25),
    undefined="no characteristic has 25 values in this window",
    noun="inspection_results",
    note=lambda v, value: which(nearest, moving, v, 25),
    group="quality",
)
