"""Other loss ratio: material lost otherwise of the material consumed."""

from mom.kpis.kpi import Kpi, share

other_loss_ratio = Kpi(
    name="other_loss_ratio",
    title="Other loss ratio",
    unit="1",
    formula="OL / CM: material lost otherwise by consumed material, in the product's unit",
    source="ISO 22400-2:2014, no. 29",
    needs=("OL", "CM"),
    compute=lambda v: share(v["OL"], v["CM"]),
    undefined="no material was booked as consumed in this window",
    noun="material_bookings",
    better="lower",
    group="inventory",
)
