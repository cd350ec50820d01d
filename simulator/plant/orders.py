"""Production orders: what the planners ordered, in which sequence each line runs them, and how they came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.plant.layout import Layout, ProductSpec
from simulator.plant.streams import Streams

PACE = 0.855  # the planners reckon with this share of the ideal rate, change-overs apart
AHEAD = 4 * 86400.0  # seconds before its planned start that an order is released
CUSTOMERS = ("Morgenland Retail", "Alpen Markt", "Seeblick Hotels", "Kauf & Co", "Bahnhof Kiosks", "Nordwind Export")


@dataclass
class Order:
    """Times in seconds from the plant's start. `quantity` in bottles."""

    number: str
    line: str
    product: ProductSpec
    quantity: int
    released: float
    planned_start: float
    due: float
    customer: str
    started: float | None = None
    finished: float | None = None
    good: float = 0.0
    good_before: float = 0.0
    fed: float = 0.0  # bottles that its line was given for it
    fed_before: float = 0.0
    material_at: float = 0.0  # before that its material is not there
    delayed: float | None = None  # when this became known

    @property
    def changed(self) -> float:
        """When it last came to a new state."""
        return max(
            moment for moment in (self.released, self.delayed, self.started, self.finished) if moment is not None
        )


class OrderBook:
    """The orders of one line, planned from the seed alone: whatever the line does, demand is the same."""

    def __init__(self, layout: Layout, streams: Streams, line: str, first_number: int) -> None:
        self.line = line
        self._plan = self._planned(layout, streams, first_number)
        self.waiting: list[Order] = []
        self.past: list[Order] = []
        self.current: Order | None = None

    def release(self, now: float) -> list[Order]:
        """Fill the list of waiting orders up to what is released by `now`; returns the new ones."""
        new = []
        while not self.waiting or len(self.waiting) < 3 or self.waiting[-1].planned_start < now + AHEAD:
            order = next(self._plan)
            order.released = min(order.released, now) if now > 0 else 0.0
            self.waiting.append(order)
            new.append(order)
        return new

    def next(self, now: float) -> Order | None:
        """The first waiting order whose material is there."""
        return next((order for order in self.waiting if order.material_at <= now), None)

    def begin(self, order: Order, now: float) -> Order:
        self.waiting.remove(order)
        self.current = order
        order.started = now
        return order

    def finish(self, now: float) -> None:
        order = self.current
        assert order is not None
        order.finished = now
        self.past.append(order)
        self.current = None

    def replan(self, starts: dict[str, float]) -> None:
        """Give waiting orders new planned starts, by number; the line runs them in that sequence."""
        for order in self.waiting:
            if order.number in starts:
                order.planned_start = starts[order.number]
        self.waiting.sort(key=lambda order: order.planned_start)

    def release_one(self, now: float) -> list[Order]:
        order = next(self._plan)
        order.released = now
        self.waiting.append(order)
        return [order]

    def _planned(self, layout: Layout, streams: Streams, number: int) -> Iterator[Order]:
        products = [p for p in layout.products.values() if p.line == self.line]
        draw = streams.of("orders", self.line)
        at, last = 0.0, ""
        while True:
            product = draw.choice([p for p in products if p.id != last])
            hours = draw.uniform(3.5, 9.0)
            quantity = round(product.rate * 60 * hours * PACE / 240) * 240
            set_up = 60 * layout.set_up_minutes(self.line, last, product.id) if last else 0.0
            ends = at + set_up + hours * 3600
            slack = draw.choice((2, 4, 6, 12, 24)) * 3600
            yield Order(f"{number}", self.line, product, quantity, at - AHEAD, at, ends + slack, draw.choice(CUSTOMERS))
            at, last, number = ends, product.id, number + draw.randint(1, 3)
