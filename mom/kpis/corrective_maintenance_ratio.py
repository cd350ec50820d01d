"""Corrective maintenance ratio: mending of all maintenance."""

from mom.kpis.kpi import Kpi, share

corrective_maintenance_ratio = Kpi(
    name="corrective_maintenance_ratio",
    title="Corrective maintenance ratio",
    unit="1",
    formula="CMT / (CMT + PMT): corrective of all maintenance time",
    source="ISO 22400-2:2014, no. 34",
    needs=("CMT", "PMT"),
    compute=lambda v: share(v["CMT"], v["CMT"] + v["PMT"]),
    undefined="no maintenance in this window",
    noun="maintenance_orders",
    better="lower",
    group="maintenance",
)
