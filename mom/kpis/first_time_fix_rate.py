"""First-time fix rate: repairs after which the same did not fail again."""

from mom.kpis.kpi import Kpi, share

first_time_fix_rate = Kpi(
    name="first_time_fix_rate",
    title="First-time fix rate",
    unit="1",
    formula="repairs that ended in the window and were not needed again on the same part within 7 days (so far), of repairs",
    source="SMRP best practices, rework of maintenance turned round",
    needs=("FIXED", "REPAIRS"),
    compute=lambda v: share(v["FIXED"], v["REPAIRS"]),
    undefined="no repair ended in this window",
    noun="maintenance_orders",
    group="maintenance",
)
