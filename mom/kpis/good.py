"""Good pieces."""

from mom.kpis.kpi import Kpi

good = Kpi(
    name="good",
    title="Good",
    unit="pcs",
    formula="GQ: good pieces",
    source="ISO 22400-2:2014, element GQ",
    needs=("GQ",),
    compute=lambda v: v["GQ"],
    noun="counts",
)
