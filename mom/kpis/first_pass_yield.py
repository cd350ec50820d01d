"""First pass yield: inspected parts that were good at the first inspection."""

from mom.kpis.kpi import Kpi, share

first_pass_yield = Kpi(
    name="first_pass_yield",
    title="First pass yield",
    unit="1",
    formula="GP / IP: parts good at the first attempt of parts inspected",
    source="ISO 22400-2:2014, no. 15",
    needs=("GP", "IP"),
    compute=lambda v: share(v["GP"], v["IP"]),
    undefined="nothing was inspected in this window",
    noun="inspection_results",
    group="quality",
)
