"""Technical efficiency: production against production and delays."""

from mom.kpis.kpi import Kpi, share

technical_efficiency = Kpi(
    name="technical_efficiency",
    title="Technical efficiency",
    unit="1",
    formula="APT / (APT + ADET): production of production and delays",
    source="ISO 22400-2:2014, no. 12",
    needs=("APT", "ADET"),
    compute=lambda v: share(v["APT"], v["APT"] + v["ADET"]),
    undefined="it neither produced nor stood in this window",
)
