"""Mean time to failure, as the standard counts: by the failures and one."""

from mom.kpis.kpi import Kpi

mttf_iso = Kpi(
    name="mttf_iso",
    title="MTTF (ISO)",
    unit="s",
    formula="sum of TTF / (FE + 1), the time to failure being processing time (AUPT)",
    source="ISO 22400-2:2014, no. 32",
    needs=("AUPT", "FE"),
    compute=lambda v: v["AUPT"] / (v["FE"] + 1),
    noun="stops",
    group="maintenance",
)
