"""Mean time to failure, as plants count: by the failures."""

from mom.kpis.kpi import Kpi, share

mttf = Kpi(
    name="mttf",
    title="MTTF",
    unit="s",
    formula="sum of TTF / FE: processing time (AUPT) by failures",
    source="the way plants count; ISO 22400-2 no. 32 divides by FE + 1",
    needs=("AUPT", "FE"),
    compute=lambda v: share(v["AUPT"], v["FE"]),
    undefined="no failure in this window",
    noun="stops",
    group="maintenance",
)
