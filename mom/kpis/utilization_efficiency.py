"""Utilisation: how much of the time busy with orders was production."""

from mom.kpis.kpi import Kpi, share

utilization_efficiency = Kpi(
    name="utilization_efficiency",
    title="Utilisation",
    unit="1",
    formula="APT / AUBT: producing of the time busy with orders",
    source="ISO 22400-2:2014, no. 5",
    needs=("APT", "AUBT"),
    compute=lambda v: share(v["APT"], v["AUBT"]),
    undefined="it was not busy in this window",
)
