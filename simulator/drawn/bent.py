"""What a machine can do and what it throws out at a moment: its usual, and all that bends it."""

from __future__ import annotations

from simulator.drawn.orders import Order
from simulator.drawn.unit import Unit

MOST_SCRAP = 0.5


def bent(unit: Unit, order: Order | None, now: float, speed: float, scrap: list[float]) -> tuple[float, list[float]]:
    """(speed, share of scrap by reason), given the usual ones; `order` is the one that is on."""
    for bend in unit.bends:
        if bend.products is not None and (order is None or order.product.id not in bend.products):
            continue
        if bend.first is not None and not _just_begun(order, now, bend.first):
            continue
        if bend.what == "speed":
            speed *= bend.value
        elif bend.what == "scrap":
            scrap[bend.reason] = min(MOST_SCRAP, scrap[bend.reason] + bend.value)
    return speed, scrap


def _just_begun(order: Order | None, now: float, first: float) -> bool:
    return order is not None and order.started is not None and now < order.started + first - 1e-3
