"""Worker efficiency: how much of the time that people were there they worked on orders."""

from mom.kpis.kpi import Kpi, share

worker_efficiency = Kpi(
    name="worker_efficiency",
    title="Worker efficiency",
    unit="1",
    formula="APWT / APAT: work time of attendance time, of all people of the line (never of one)",
    source="ISO 22400-2:2014, no. 1",
    needs=("APWT", "APAT"),
    compute=lambda v: share(v["APWT"], v["APAT"]),
    undefined="nobody was there in this window",
    noun="people",
    group="people",
)
