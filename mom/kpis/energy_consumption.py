"""Comprehensive energy consumption: energy of a piece."""

from mom.kpis.kpi import Kpi, share

energy_consumption = Kpi(
    name="energy_consumption",
    title="Energy per piece",
    unit="kWh",
    formula="E / PQ: energy of the equipment's meters by pieces made",
    source="ISO 22400-2:2014, no. 23",
    needs=("E", "PQ"),
    compute=lambda v: share(v["E"], v["PQ"]),
    undefined="nothing was made in this window",
    noun="counts",
    better="lower",
    group="energy",
)
