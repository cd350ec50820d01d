"""What the ERP books when an order is done: bottles consumed, put back into the flow, and lost, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.plant.orders import Order
from simulator.plant.written import Record, iso

if TYPE_CHECKING:
    from simulator.plant.site import Site

SHARES = {"integrated": 0.0012, "storage_loss": 0.0006, "transport_loss": 0.0004, "other_loss": 0.0003}
"""Of the bottles fed, about."""


def booked(site: Site, order: Order) -> Iterator[Record]:
    draw = site.streams.of("bookings", order.number)
    lost = {kind: round(order.fed * share * draw.uniform(0.5, 1.5)) for kind, share in SHARES.items()}
    aside = sum(quantity for kind, quantity in lost.items() if kind != "integrated")
    found = {"consumed": round(order.fed) + aside, "production_loss": max(0, round(order.fed - order.good)), **lost}
    assert order.finished is not None
    for kind, quantity in found.items():
        data = {
            "material": "bottles",
            "kind": kind,
            "quantity": quantity,
            "unit": "bottles",
            "equipment": order.line,
            "product": order.product.id,
            "order": order.number,
            "at": iso(site, order.finished),
        }
        yield Record("erp", "material_booking", f"MB-{order.number}-{kind}", site.at(order.finished), data)
