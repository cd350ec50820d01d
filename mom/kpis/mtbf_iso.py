"""Mean time between failures, as the standard counts: by the failures and one."""

from mom.kpis.kpi import Kpi

mtbf_iso = Kpi(
    name="mtbf_iso",
    title="MTBF (ISO)",
    unit="s",
    formula="sum of TBF / (FE + 1), the time between failures being production time",
    source="ISO 22400-2:2014, no. 31",
    needs=("APT", "FE"),
    compute=lambda v: v["APT"] / (v["FE"] + 1),
    noun="stops",
)
