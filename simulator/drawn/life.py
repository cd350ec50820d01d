"""A drawn plant lives: from one event to the next, stops, shifts, orders, change-overs, bends, shared machine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from simulator.drawn.agenda import Agenda
from simulator.drawn.bent import bent
from simulator.drawn.calendar import Calendar
from simulator.drawn.chance import SLOT, Chance
from simulator.drawn.effects import Bend, Dry, Effect, Longer, Power, Strike
from simulator.drawn.layout import Layout
from simulator.drawn.line import Line
from simulator.drawn.orders import Order, draw_orders
from simulator.drawn.shared import share
from simulator.drawn.stopped import Stopped
from simulator.drawn.unit import Unit

AGAIN, PATIENCE = 60.0, 8 * 3600.0
"""A stop that has to come tries so often, and so long, whether its machine runs."""


class Life:
    """Lives from 0 to the calendar's end at once. `faster`: share by which a machine is faster, by path."""

    def __init__(
        self, layout: Layout, calendar: Calendar, effects: Iterable[Effect], faster: dict[str, float], recording: bool
    ) -> None:
        self.layout, self.calendar, self.faster = layout, calendar, faster
        self.chance = Chance(layout.seed)
        self.now = 0.0
        self.stops: list[Stopped] = []
        self.running: list[tuple[float, str, str, str]] = []  # (at, line, order, product) as controllers show them
        self.set_ups: list[tuple[float, str, int]] = []
        self._agenda = Agenda(calendar.seconds)
        self.units = {
            plan.path: Unit(plan, self.chance.scrap_of(plan.path, len(plan.kind.scrap)), recording)
            for plan in layout.units
        }
        self.lines = [self._line(plan.path) for plan in layout.lines]
        self.shared = self.units[layout.shared.path] if layout.shared else None
        self.orders = {line.plan.path: draw_orders(line.plan, calendar, layout.seed) for line in self.lines}
        self._next_order = dict.fromkeys(self.orders, 0)
        costs = [product.material_cost for plan in layout.lines for product in plan.products]
        self._mean_material = sum(costs) / len(costs)  # at the machine that lines share
        self._longer: list[Longer] = []
        self.powers: list[Power] = []
        self._begin(effects)

    def _line(self, path: str) -> Line:
        plan = self.layout.line_of(path)
        stages = [[self.units[unit.path] for unit in stage] for stage in plan.stages]
        return Line(plan, stages, self.layout.shared is not None)

    def line_of(self, unit: Unit) -> Line | None:
        """None: of the shared machine."""
        return None if unit is self.shared else next(line for line in self.lines if unit in line.units)

    def _begin(self, effects: Iterable[Effect]) -> None:
        for start, end in self.calendar.spans():
            self._agenda.at(start, lambda: self._man(True))
            self._agenda.at(end, lambda: self._man(False))
        for line in self.lines:
            line.manned = False
            self._agenda.at(0.0, partial(self._next, line))
        for number in range(int(self.calendar.seconds // SLOT) + 1):
            self._agenda.at(number * SLOT, self._refresh_all)
        for effect in effects:
            self._plant(effect)

    def _plant(self, effect: Effect) -> None:
        if isinstance(effect, Strike):
            self._agenda.at(effect.at, lambda: self._strike(effect, effect.at))
        elif isinstance(effect, Bend):
            self._agenda.at(effect.start, lambda: self._bend(effect, True))
            self._agenda.at(effect.end, lambda: self._bend(effect, False))
        elif isinstance(effect, Longer):
            self._longer.append(effect)
        elif isinstance(effect, Power):
            self.powers.append(effect)
        elif isinstance(effect, Dry):
            self._agenda.at(effect.at, lambda: self._dry(effect, 1))
            self._agenda.at(effect.at + effect.seconds, lambda: self._dry(effect, -1))

    def run(self) -> Life:
        end = self.calendar.seconds
        while True:
            line = min(self.lines, key=lambda one: one.next)
            at = self._agenda.next
            if min(at, line.next) >= end:
                break
            if at <= line.next:
                self.now, what = self._agenda.take()
                what()
            else:
                self.now = line.next
                self._balance(line, quiet=True)
        self.now = end
        for line in self.lines:
            line.settle(end)
        for unit in self.units.values():
            unit.turn(end, unit.rate)
        return self

    def _balance(self, line: Line, *, quiet: bool = False) -> None:
        """Rates of a line, of the lanes of the shared machine, and what a finished order brings."""
        done = line.balance(self.now, quiet=quiet)
        if self.shared:
            self._share()
        if done:
            self._finish(line)

    def _share(self) -> None:
        assert self.shared is not None
        for line in share(self.shared, self.lines, self.now):
            self._agenda.at(self.now, partial(self._finish, line))

    def _touch(self, unit: Unit) -> None:
        line = self.line_of(unit)
        if line is not None:
            self._refresh(line)
            self._balance(line)
        else:
            self._refresh_unit(unit, None)
            self._share()

    def _man(self, manned: bool) -> None:
        for line in self.lines:
            line.manned = manned
        for line in self.lines:
            self._balance(line)

    def _strike(self, strike: Strike, since: float) -> None:
        unit = self.units[strike.unit]
        line = self.line_of(unit)
        order = line.order if line else None
        fits = strike.products is None or (order is not None and order.product.id in strike.products)
        if unit.rate <= 0 or not fits:
            if strike.sure and self.now < since + PATIENCE:
                self._agenda.at(self.now + AGAIN, lambda: self._strike(strike, since))
            return
        seconds = strike.seconds
        if not strike.breakdown:
            for bend in unit.bends:
                seconds *= bend.value if bend.what == "clumsy" else 1.0
        unit.standing += 1
        unit.aborted += strike.breakdown
        self.stops.append(Stopped(strike, self.now, self.now + seconds))
        self._agenda.at(self.now + seconds, lambda: self._mend(unit, strike))
        self._balance(line) if line else self._share()

    def _mend(self, unit: Unit, strike: Strike) -> None:
        unit.standing -= 1
        unit.aborted -= strike.breakdown
        line = self.line_of(unit)
        self._balance(line) if line else self._share()

    def _bend(self, bend: Bend, begins: bool) -> None:
        unit = self.units[bend.unit]
        if begins:
            unit.bends.append(bend)
        else:
            unit.bends.remove(bend)
        if bend.what != "clumsy":
            self._touch(unit)

    def _dry(self, dry: Dry, by: int) -> None:
        line = next(line for line in self.lines if line.plan.path == dry.line)
        line.dry += by
        self._balance(line)

    def _refresh_all(self) -> None:
        for line in self.lines:
            self._refresh(line)
        if self.shared:
            self._refresh_unit(self.shared, None)
        for line in self.lines:
            self._balance(line)

    def _refresh(self, line: Line) -> None:
        for unit in line.units:
            self._refresh_unit(unit, line.order)

    def _refresh_unit(self, unit: Unit, order: Order | None) -> None:
        """Speed and shares of scrap from all that bears on them; counted up to now first."""
        pace = 1.0 if unit is self.shared else order.product.pace[unit.path] if order else 0.0
        speed, scrap = self.chance.slot(unit.path, int(self.now // SLOT), unit.usual)
        speed *= unit.plan.speed * pace / 60 * (1 + self.faster.get(unit.path, 0.0))
        speed, scrap = bent(unit, order, self.now, speed, scrap)
        material = order.product.material_cost if order else self._mean_material
        if material != unit.material:
            unit.settle(self.now)
            unit.material = material
        if scrap != unit.shares:
            unit.turn(self.now, unit.rate)
            unit.shares, unit.loss = scrap, sum(scrap)
        unit.speed = speed

    def _next(self, line: Line) -> None:
        """Change over to the next order, as soon as it is released."""
        path = line.plan.path
        order = self.orders[path][self._next_order[path]]
        if order.released > self.now:
            self._agenda.at(order.released, lambda: self._next(line))
            return
        self._next_order[path] += 1
        if not order.set_up:
            self._start(line, order)
            return
        seconds = 60 * order.set_up
        for longer in self._longer:
            if longer.meets(order, self.now, self.calendar.crew_at(self.now)):
                seconds = seconds * longer.times + longer.extra
        order.set_up_from, order.set_up_takes = self.now, seconds
        line.set_up = True
        self.set_ups.append((self.now, path, 1))
        self._balance(line)
        self._agenda.at(self.calendar.after(self.now, seconds), lambda: self._start(line, order))

    def _start(self, line: Line, order: Order) -> None:
        if line.set_up:
            order.set_up_to = self.now
            self.set_ups.append((self.now, line.plan.path, 0))
        line.settle(self.now)
        line.set_up, line.order = False, order
        order.started = self.now
        line.left = line.made(self.now)
        line.to_feed = order.quantity
        line.complete = [False] * line.count
        self.running.append((self.now, line.plan.path, order.number, order.product.id))
        for first in {bend.first for unit in line.units for bend in unit.bends if bend.first is not None}:
            self._agenda.at(self.now + first, lambda: self._touch(line.units[0]))
        self._refresh(line)
        self._balance(line)

    def _finish(self, line: Line) -> None:
        order = line.order
        if order is None or not line.complete[-1]:
            return
        order.finished = self.now
        order.good = line.made(self.now) - line.left
        line.order = None
        self._balance(line)
        self._next(line)

    def made_of(self, line: Line) -> list[tuple[Order, float]]:
        """Good pieces by order, the present one's so far."""
        found = [(order, order.good) for order in self.orders[line.plan.path] if order.finished is not None]
        return [*found, *([(line.order, line.made(self.now) - line.left)] if line.order is not None else [])]
