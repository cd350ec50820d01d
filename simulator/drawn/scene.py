"""What a kind of trouble may look at when it is drawn: the plant as planned, never what others draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from simulator.drawn.calendar import HOUR, Calendar
from simulator.drawn.chance import strike_of
from simulator.drawn.codes import codes
from simulator.drawn.effects import Strike, Trouble
from simulator.drawn.kinds import Quantity
from simulator.drawn.layout import Layout, LinePlan, UnitPlan
from simulator.drawn.orders import draw_orders
from simulator.drawn.supply import Supply

CALM = 9 * HOUR
"""Nothing is wrong so long from the start: there has to be something to compare with."""


@dataclass(frozen=True)
class Scene:
    layout: Layout
    calendar: Calendar
    supply: Supply
    draw: Random

    def line(self) -> LinePlan:
        return self.draw.choice(self.layout.lines)

    def unit(self, line: LinePlan) -> UnitPlan:
        """Every second time one of the slowest stage, so that many troubles cost something."""
        if self.draw.random() < 0.5:
            return self.draw.choice(line.stages[line.bottleneck])
        return self.draw.choice(line.units)

    def constraint(self, line: LinePlan) -> UnitPlan:
        return self.layout.unit(line.constraint)

    def code(self, unit: UnitPlan) -> int:
        return codes()[unit.kind.name, self.draw.randrange(len(unit.kind.causes))]

    def quantity(self, unit: UnitPlan) -> Quantity:
        return self.draw.choice(unit.kind.signals)

    def moment(self, least: float, most_before_end: float = 2 * HOUR) -> float:
        """A worked moment at least `least` seconds after the calm beginning."""
        first, last = CALM + least, self.calendar.seconds - most_before_end
        for _ in range(50):
            at = self.draw.uniform(first, max(first + 60, last))
            shift = self.calendar.shift_at(at)
            if shift and shift.end - at > 1800:
                return at
        return first

    def strikes(
        self, name: str, unit: UnitPlan, code: int, spans: list[tuple[float, float]], apart: float, lasts: float,
        products: frozenset[str] | None = None,
    ) -> list[Strike]:  # fmt: skip
        """Short stops of one reason, `apart` seconds from each other on the average, while a span lasts."""
        found = []
        for start, end in spans:
            at = start + self.draw.expovariate(1 / apart)
            while at < end:
                seconds = max(8.0, lasts * self.draw.gammavariate(3.0, 1 / 3.0))
                found.append(strike_of(self.draw, at, unit, code, min(seconds, 270.0), trouble=name, products=products))
                at += 20 + self.draw.expovariate(1 / apart)
        return found

    def ramped(
        self, name: str, unit: UnitPlan, code: int, start: float, end: float, apart: float, lasts: float
    ) -> list[Strike]:
        """Short stops that come more and more often, `apart` seconds from each other at the end."""
        every = self.strikes(name, unit, code, self.worked(start, end), apart, lasts)
        return [strike for strike in every if self.draw.random() < ((strike.at - start) / (end - start)) ** 1.5]

    def runs(self, line: LinePlan, product: str) -> list[tuple[float, float]]:
        """About when a product is planned to run after the calm beginning; the plant may be behind or ahead of it."""
        orders = draw_orders(line, self.calendar, self.layout.seed)
        ends = [*(order.planned for order in orders[1:]), self.calendar.seconds]
        spans = [
            (max(CALM, o.planned), min(end, self.calendar.seconds))
            for o, end in zip(orders, ends, strict=True)
            if o.product.id == product
        ]
        return [(low, high) for low, high in spans if high > low]

    def crew_spans(self, crew: str) -> list[tuple[float, float]]:
        """A crew's shifts after the calm beginning."""
        end = self.calendar.seconds
        return [(s.start, min(s.end, end)) for s in self.calendar.shifts if s.crew == crew and s.start > CALM]

    def worked(self, start: float, end: float) -> list[tuple[float, float]]:
        """The worked parts of a span."""
        spans = ((max(start, low), min(end, high)) for low, high in self.calendar.spans())
        return [(low, high) for low, high in spans if high > low]


@dataclass(frozen=True)
class TroubleKind:
    """A kind of trouble. `draw(scene, name)`: one of it, or None where this plant has no place for it."""

    name: str
    draw: Callable[[Scene, str], Trouble | None]
    weight: float = 1.0
