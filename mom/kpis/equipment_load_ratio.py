"""Equipment load ratio: what was made of what the equipment could make."""

from mom.kpis.kpi import Kpi, share

equipment_load_ratio = Kpi(
    name="equipment_load_ratio",
    title="Equipment load ratio",
    unit="1",
    formula="PQ / EPC: pieces by the capacity (the machine's ideal rate in all of its planned busy time)",
    source="ISO 22400-2:2014, no. 30",
    needs=("PQ", "EPC"),
    compute=lambda v: share(v["PQ"], v["EPC"]),
    undefined="no planned busy time in this window",
    noun="counts",
    group="production",
)
