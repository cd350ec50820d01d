"""Set-up rate: how much of the processing time was set-up."""

from mom.kpis.kpi import Kpi, share

set_up_rate = Kpi(
    name="set_up_rate",
    title="Set-up rate",
    unit="1",
    formula="AUST / AUPT: set-up of processing time",
    source="ISO 22400-2:2014, no. 11",
    needs=("AUST", "AUPT"),
    compute=lambda v: share(v["AUST"], v["AUPT"]),
    undefined="it did not produce in this window",
    better="lower",
)
