"""A line runs its orders one after another, with change-overs between them."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simulator.plant.causes import OVERSPEED
from simulator.plant.layout import ProductSpec
from simulator.plant.orders import Order

if TYPE_CHECKING:
    from simulator.plant.line import Line
    from simulator.plant.site import Site

EXPECTED_SCRAP = 0.014  # the planners add this much to what is fed
NO_MATERIAL = 300.0  # seconds until a line without any order that it could run looks again
RAMP = ((0.70, 5.0, 240.0), (0.85, 2.5, 420.0))
"""After a change-over: speed and scrap against ordinary, for so many seconds."""


class Production:
    """The process that keeps one line at work."""

    def __init__(self, site: Site, line: Line) -> None:
        self.site, self.line, self.book = site, line, site.books[line.path]
        self.product: ProductSpec | None = None
        self._hurried = site.env.event()

    def run(self) -> Generator[Any, Any, None]:
        env = self.site.env
        while True:
            self.site.released(self.book.release(env.now))
            order = self.book.next(env.now)
            if order is None:
                yield env.timeout(NO_MATERIAL)
                continue
            if self.product is not None and self.product.id != order.product.id:
                yield from self._change_over(self.product, order)
            self.book.begin(order, env.now)
            yield from self._make(order)

    def _make(self, order: Order) -> Generator[Any, Any, None]:
        env, line = self.site.env, self.line
        fresh = self.product is None or self.product.id != order.product.id
        self.product = order.product
        line.settle()
        order.good_before, order.fed_before = line.machines[-1].good, line.machines[0].fed
        self._show(order)
        self._set_speeds(order.product)
        done = env.event()
        line.feed(order.quantity * (1 + EXPECTED_SCRAP), done)
        if fresh:
            env.process(self._ramp_up())
        yield done
        line.settle()
        order.good = line.machines[-1].good - order.good_before
        order.fed = line.machines[0].fed - order.fed_before
        self.book.finish(env.now)

    def _set_speeds(self, product: ProductSpec) -> None:
        def apply() -> None:
            for machine in self.line.machines:
                machine.nominal = product.rate / 60 * 0.985 * OVERSPEED[machine.kind]

        self.line.change(apply)

    def _change_over(self, old: ProductSpec, order: Order) -> Generator[Any, Any, None]:
        site, line = self.site, self.line
        standard = site.layout.set_up_minutes(line.path, old.id, order.product.id)
        draw = site.streams.of("change-over", line.path, order.number)
        minutes = standard * draw.lognormvariate(0.0, 0.10) * site.crew_pace + site.longer_set_up(
            line.path, order.product.id
        )
        self._set_up(True)
        yield site.env.timeout(60 * minutes) | self._hurried
        self._set_up(False)

    def hurry(self) -> None:
        """End the change-over that goes on now, if one does."""
        hurried, self._hurried = self._hurried, self.site.env.event()
        hurried.succeed()

    def _set_up(self, on: bool) -> None:
        for machine in self.line.machines:
            machine.set_up = on
        self.line.balance()

    def _ramp_up(self) -> Generator[Any, Any, None]:
        for speed, scrap, seconds in RAMP:
            self._ramp(speed, scrap)
            yield self.site.env.timeout(seconds)
        self._ramp(1.0, 1.0)

    def _ramp(self, speed: float, scrap: float) -> None:
        def apply() -> None:
            for machine in self.line.machines:
                machine.ramp, machine.early = speed, scrap

        self.line.change(apply)

    def _show(self, order: Order) -> None:
        recorder, now, path = self.site.recorder, self.site.env.now, self.line.path
        recorder.changed(now, path, "order", order.number)
        recorder.changed(now, path, "product", order.product.id)
