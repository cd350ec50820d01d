"""Production orders of a drawn line: a sequence fixed by the seed, whatever the line does."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.drawn.calendar import Calendar
from simulator.drawn.layout import LinePlan, Product
from simulator.plant.streams import Streams

PACE = 0.91
"""The planners reckon with this share of the slowest stage's rate."""


@dataclass
class Order:
    """Times in seconds from the plant's start. `set_up`: minutes of the change-over before it, as it will take."""

    number: str
    product: Product
    quantity: float
    released: float  # not begun before: its material and its customer's call are not there
    planned: float
    due: float
    set_up: float
    set_up_from: float | None = None
    set_up_to: float | None = None
    set_up_takes: float = 0.0  # seconds, with all that made it longer
    started: float | None = None
    finished: float | None = None
    good: float = 0.0


def draw_orders(plan: LinePlan, calendar: Calendar, seed: int) -> list[Order]:
    """Enough for the whole time and a half more."""
    draw = Streams(seed).of("orders", plan.path)
    number = 100000 * int(plan.path[-1]) + draw.randrange(1000, 9000)
    orders: list[Order] = []
    work, last = 0.0, None
    total = sum(end - start for start, end in calendar.spans())
    while work < 1.4 * total:
        product = draw.choice([p for p in plan.products if p is not last])
        rate = min(sum(plan.rate(unit, product) for unit in stage) for stage in plan.stages)
        hours = draw.uniform(5.0, 14.0)
        minutes = plan.set_up_minutes * draw.gammavariate(30, 1 / 30) if last else 0.0
        starts = calendar.after(0.0, work)
        work += (hours * 3600 + 60 * minutes) / (plan.load if orders else 1.0)
        ends = calendar.after(0.0, work)
        slack = draw.choice((-2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0)) * 3600
        released = 0.0 if plan.load >= 1 else starts
        quantity = float(round(rate * 60 * hours * PACE))
        orders.append(Order(str(number), product, quantity, released, starts, ends + slack, minutes))
        last, number = product, number + draw.randint(1, 9)
    return orders
