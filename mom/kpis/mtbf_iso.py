"""Mean time between failures, as the standard counts: by the failures and one."""

from mom.kpis.kpi import Kpi

mtbf_iso = Kpi(
    name="mtbf_iso",
    title="MTBF (ISO)",
    unit="s",
    formula="sum of TBF / (FE + 1), the time between failures being processing time and time to restoration (AUPT + TTR)",
    source="ISO 22400-2:2014, no. 31",
    needs=("AUPT", "TTR", "FE"),
    compute=lambda v: (v["AUPT"] + v["TTR"]) / (v["FE"] + 1),
    noun="stops",
    group="maintenance",
)
