"""The whole bottling site as one discrete-event simulation: what is there, and who calls whom."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import simpy

from simulator.plant.calendar import WorkedShift, worked_shifts
from simulator.plant.causes import CAUSES
from simulator.plant.clock import StopClock
from simulator.plant.layout import Layout, LineSpec
from simulator.plant.line import Line
from simulator.plant.machine import Machine, Stage
from simulator.plant.maintenance import Maintenance
from simulator.plant.material import Material
from simulator.plant.metering import Metering
from simulator.plant.orders import Order, OrderBook
from simulator.plant.palletiser import Palletiser
from simulator.plant.production import Production
from simulator.plant.quality import Laboratory
from simulator.plant.recorder import Recorder
from simulator.plant.stoppage import Stoppages
from simulator.plant.streams import Streams

if TYPE_CHECKING:
    from simulator.troubles.trouble import Trouble

TECHNICIANS = 2
STARTING_LASTS = 240.0  # seconds
USUAL = {("capper", "torque"): 1.80, ("filler", "fill_level"): 40.0}
"""About what a measured quantity wanders, by kind of machine."""
CHANCE_EVERY = 600.0  # seconds between two draws of the scrap's luck


class Site:
    """Machines, people and plans at one moment, and the events to come. Time: seconds from `start` (UTC)."""

    def __init__(self, layout: Layout, seed: int, start: datetime) -> None:
        self.layout, self.start, self.streams = layout, start, Streams(seed)
        self.env = simpy.Environment()
        self.recorder = Recorder()
        self.crew, self.crew_pace, self.shift = "", 1.0, ""
        self.set_up_longer: list[Callable[[str, str], float]] = []
        self.on_shift: list[Callable[[WorkedShift], None]] = []
        self.orders: list[Order] = []
        self.shifts: list[WorkedShift] = []
        self.technicians = simpy.Resource(self.env, TECHNICIANS)
        self.palletiser = Palletiser("palletiser", "palletiser")
        self.machines: dict[str, Machine] = {"palletiser": self.palletiser}
        self.lines = {spec.path: self._build(spec) for spec in layout.lines}
        self.books = {
            path: OrderBook(layout, self.streams, path, 410_000 + 20_000 * i) for i, path in enumerate(self.lines)
        }
        self.stoppages = Stoppages(self)
        self.maintenance = Maintenance(self)
        self.metering = Metering(self)
        self.material = Material(self)
        self.laboratory = Laboratory(self)
        self.clocks = [StopClock(self.env, m, CAUSES[m.kind], self.stoppages.strike) for m in self.machines.values()]
        self._wire()

    def _build(self, spec: LineSpec) -> Line:
        machines = [Machine(m.path, m.kind) for m in spec.machines]
        self.machines.update({m.path: m for m in machines})
        lane = Stage(f"palletiser/{spec.path}", "lane")
        return Line(self.env, spec.path, machines, lane, [float(m.buffer_after) for m in spec.machines], self.recorder)

    def _wire(self) -> None:
        for path, machine in self.machines.items():
            for key, usual in USUAL.items():
                if key[0] == machine.kind:
                    self.recorder.level(0.0, path, key[1], usual)
        lines = list(self.lines.values())
        self.palletiser.serve(lines, self.layout.palletiser_rate / 60)
        for line in lines:
            line.after.append(self._follow)
            line.after.append(self.metering.follow)
        self.env.process(self._work_shifts())
        self.productions = {path: Production(self, line) for path, line in self.lines.items()}
        for production in self.productions.values():
            self.env.process(production.run())

    def _follow(self) -> None:
        for clock in self.clocks:
            clock.follow()

    def rebalance(self, machine: Machine) -> None:
        """What `machine` can do has changed."""
        if machine is self.palletiser:
            self.palletiser.share()
            self._follow()
        else:
            self.line_of(machine.path).balance()

    def line_of(self, path: str) -> Line:
        return self.lines[path.split("/")[0]]

    def production_of(self, path: str) -> Production:
        return self.productions[path.split("/")[0]]

    def longer_set_up(self, line: str, product: str) -> float:
        """Minutes that a change-over to `product` takes beyond the ordinary."""
        return sum(extra(line, product) for extra in self.set_up_longer)

    def released(self, orders: list[Order]) -> None:
        self.orders.extend(orders)

    def plant_troubles(self, troubles: Iterable[Trouble]) -> None:
        for trouble in troubles:
            self.env.process(trouble.live())

    def settle(self) -> None:
        """Bring every count up to now."""
        for line in self.lines.values():
            line.settle()

    def at(self, seconds: float) -> datetime:
        """The moment `seconds` after the start."""
        return self.start + timedelta(seconds=seconds)

    def _work_shifts(self) -> Generator[Any, Any, None]:
        first = self.start.astimezone(ZoneInfo(self.layout.time_zone)).date() - timedelta(days=1)
        for shift in worked_shifts(self.layout, self.start, first):
            if shift.ends <= 0:
                continue
            if gap := shift.begins > self.env.now:
                self._man(False)
                yield self.env.timeout(shift.begins - self.env.now)
            self._begin(shift)
            if gap:
                self.env.process(self._start_up())
            yield from self._luck(shift)

    def _begin(self, shift: WorkedShift) -> None:
        self.shifts.append(shift)
        self.crew, self.shift = shift.crew, shift.name
        self.crew_pace = self.streams.of("crew", shift.crew).uniform(0.93, 1.08)
        self._man(True)
        for clock in self.clocks:
            clock.draw([self.streams.of("stop", clock.machine.path, c.name, shift.key) for c in clock.causes])
        for told in self.on_shift:
            told(shift)

    def _man(self, manned: bool) -> None:
        for machine in self.machines.values():
            machine.manned = manned
        for line in self.lines.values():
            line.balance()

    def _start_up(self) -> Generator[Any, Any, None]:
        """After a time without a shift the machines take a while to get going."""
        self._starting(True)
        yield self.env.timeout(STARTING_LASTS)
        self._starting(False)

    def _starting(self, on: bool) -> None:
        for line in self.lines.values():
            for machine in line.machines:
                machine.starting = on
            line.balance()

    def _luck(self, shift: WorkedShift) -> Generator[Any, Any, None]:
        """Scrap goes up and down by chance: new luck every ten minutes of the shift."""
        draws = {line: self.streams.of("scrap", line.path, shift.key) for line in self.lines.values()}
        slots = round((shift.ends - shift.begins) / CHANCE_EVERY)
        for slot in range(1, slots + 1):
            chances = {
                line: [draw.gammavariate(4.0, 0.25) for m in line.machines for _ in m.reasons]
                for line, draw in draws.items()
            }
            ends = shift.begins + slot * CHANCE_EVERY
            if ends <= self.env.now:
                continue
            for line, luck in chances.items():
                line.change(partial(_spread, line, iter(luck)))
            yield self.env.timeout(ends - self.env.now)


def _spread(line: Line, luck: Iterator[float]) -> None:
    for machine in line.machines:
        for index in range(len(machine.chance)):
            machine.chance[index] = next(luck)
