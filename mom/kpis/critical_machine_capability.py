"""Critical machine capability Cmk."""

from mom.kpis.capability import deviation, lowest, nearest, which
from mom.kpis.kpi import Kpi

critical_machine_capability = Kpi(
    name="critical_machine_capability",
    title="Critical machine capability Cmk",
    unit="index",
    formula="min(USL - mean, mean - LSL) / 3 s, s: standard deviation of at least 50 values; the lowest of all",
    source="ISO 22400-2:2014, no. 20",
    needs=("CAPABILITY",),
    compute=lambda v: lowest(nearest, deviation, v, 50),
    undefined="no characteristic has 50 values in this window",
    noun="inspection_results",
    note=lambda v, value: which(nearest, deviation, v, 50),
    group="quality",
)
