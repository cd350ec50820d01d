"""Storage and transport loss ratio: material lost in storage and transport of the material consumed."""

from mom.kpis.kpi import Kpi, share

storage_transport_loss_ratio = Kpi(
    name="storage_transport_loss_ratio",
    title="Storage and transport loss ratio",
    unit="1",
    formula="STL / CM: material lost in storage and transport by consumed material, in the product's unit",
    source="ISO 22400-2:2014, no. 28",
    needs=("STL", "CM"),
    compute=lambda v: share(v["STL"], v["CM"]),
    undefined="no material was booked as consumed in this window",
    noun="material_bookings",
    better="lower",
    group="inventory",
)
