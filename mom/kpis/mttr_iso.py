"""Mean time to restoration, as the standard counts: by the failures and one."""

from mom.kpis.kpi import Kpi

mttr_iso = Kpi(
    name="mttr_iso",
    title="MTTR (ISO)",
    unit="s",
    formula="sum of TTR / (FE + 1)",
    source="ISO 22400-2:2014, no. 33",
    needs=("TTR", "FE"),
    compute=lambda v: v["TTR"] / (v["FE"] + 1),
    noun="stops",
    better="lower",
    group="maintenance",
)
