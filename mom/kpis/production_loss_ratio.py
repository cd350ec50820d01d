"""Production loss ratio: material lost in production of the material consumed."""

from mom.kpis.kpi import Kpi, share

production_loss_ratio = Kpi(
    name="production_loss_ratio",
    title="Production loss ratio",
    unit="1",
    formula="PL / CM: material lost in production by consumed material, in the product's unit",
    source="ISO 22400-2:2014, no. 27",
    needs=("PL", "CM"),
    compute=lambda v: share(v["PL"], v["CM"]),
    undefined="no material was booked as consumed in this window",
    noun="material_bookings",
    better="lower",
    group="inventory",
)
