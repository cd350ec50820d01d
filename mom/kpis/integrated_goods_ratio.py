"""Integrated goods ratio: good pieces and what was put back into the flow, of the material consumed."""

from mom.kpis.kpi import Kpi, share

integrated_goods_ratio = Kpi(
    name="integrated_goods_ratio",
    title="Integrated goods ratio",
    unit="1",
    formula="IGQ / CM: good pieces and those integrated from elsewhere by consumed material",
    source="ISO 22400-2:2014, no. 26",
    needs=("GQ", "IGQ", "CM"),
    compute=lambda v: share(v["GQ"] + v["IGQ"], v["CM"]),
    undefined="no material was booked as consumed in this window",
    noun="material_bookings",
    group="inventory",
)
