"""Orders delivered as promised and finished as planned; the scrap that was reckoned with."""

from datetime import timedelta

from mom.kpis.catalogue import not_given
from mom.kpis.parts.part import Found, Part, Sight
from mom.papers import OrderPaper

IN_FULL = 0.98
"""An order is full from this share of its quantity: bottling tolerates two in a hundred."""
SLACK = timedelta(hours=8)
"""An order kept its plan if it ended no more than a shift away from it."""


def _orders(sight: Sight) -> Found:
    told = [order for order in sight.papers.orders if _asked(sight, order)]
    due = [order for order in told if sight.holds(order.due_at)]
    planned = [order for order in told if sight.holds(order.planned_end)]
    values = {
        "DUE": len(due),
        "OTIF": sum(1 for order in due if _on_time_in_full(order)),
        "PLANNED": len(planned),
        "ADHERED": sum(1 for order in planned if _as_planned(order)),
    }
    return dict.fromkeys(values, 0.0) | {name: float(value) for name, value in values.items()}, {}


def _scrap(sight: Sight) -> Found:
    planned = sight.papers.planned_scrap
    return ({}, {"PSQ": not_given("PSQ")}) if planned is None else ({"PSQ": planned}, {})


def _asked(sight: Sight, order: OrderPaper) -> bool:
    return sight.scope.product in (None, order.product) and sight.scope.order in (None, order.key)


def _on_time_in_full(order: OrderPaper) -> bool:
    on_time = order.finished_at is not None and order.due_at is not None and order.finished_at <= order.due_at
    return on_time and (order.good or 0.0) >= IN_FULL * order.quantity


def _as_planned(order: OrderPaper) -> bool:
    if order.finished_at is None or order.planned_end is None:
        return False
    return abs(order.finished_at - order.planned_end) <= SLACK


orders = Part(
    "orders", "orders", ("DUE", "OTIF", "PLANNED", "ADHERED"), _orders, "orders", lambda papers: len(papers.orders)
)
planned_scrap = Part("planned_scrap", "orders", ("PSQ",), _scrap, "orders", lambda papers: len(papers.orders))
