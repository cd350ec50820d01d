"""Mean time to restoration, as plants count: by the failures."""

from mom.kpis.kpi import Kpi, share

mttr = Kpi(
    name="mttr",
    title="MTTR",
    unit="s",
    formula="sum of TTR / FE: planned time down for failures by failures",
    source="the way plants count; ISO 22400-2 no. 33 divides by FE + 1",
    needs=("TTR", "FE"),
    compute=lambda v: share(v["TTR"], v["FE"]),
    undefined="no failure in this window",
    noun="stops",
    better="lower",
    group="maintenance",
)
