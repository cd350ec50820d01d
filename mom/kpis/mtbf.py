"""Mean time between failures, as plants count: by the failures."""

from mom.kpis.kpi import Kpi, share

mtbf = Kpi(
    name="mtbf",
    title="MTBF",
    unit="s",
    formula="APT / FE: production time by failures (stops of at least the minor limit, from inside the machine)",
    source="the way plants count; ISO 22400-2 no. 31 divides by FE + 1",
    needs=("APT", "FE"),
    compute=lambda v: share(v["APT"], v["FE"]),
    undefined="no failure in this window",
    noun="stops",
)
