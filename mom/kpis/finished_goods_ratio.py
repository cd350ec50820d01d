"""Finished goods ratio: good pieces of the material consumed."""

from mom.kpis.kpi import Kpi, share

finished_goods_ratio = Kpi(
    name="finished_goods_ratio",
    title="Finished goods ratio",
    unit="1",
    formula="GQ / CM: good pieces by consumed material, in the product's unit",
    source="ISO 22400-2:2014, no. 25",
    needs=("GQ", "CM"),
    compute=lambda v: share(v["GQ"], v["CM"]),
    undefined="no material was booked as consumed in this window",
    noun="material_bookings",
    group="inventory",
)
