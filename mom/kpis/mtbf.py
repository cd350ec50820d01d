"""Mean time between failures, as plants count: by the failures."""

from mom.kpis.kpi import Kpi, share

mtbf = Kpi(
    name="mtbf",
    title="MTBF",
    unit="s",
    formula="sum of TBF / FE: processing time and time to restoration by failures (stops of at least the minor limit, from inside)",
    source="the way plants count; ISO 22400-2 no. 31 divides by FE + 1",
    needs=("AUPT", "TTR", "FE"),
    compute=lambda v: share(v["AUPT"] + v["TTR"], v["FE"]),
    undefined="no failure in this window",
    noun="stops",
    group="maintenance",
)
