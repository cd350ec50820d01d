"""A machine stops and is put right: alarm at once, reason when somebody enters it, a technician for a breakdown."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import TYPE_CHECKING, Any

from simulator.packml import ABORTED, HELD, STOPPED
from simulator.plant.causes import REPAIR, StopCause, alarm_of
from simulator.plant.machine import Machine, Stop

if TYPE_CHECKING:
    from simulator.plant.site import Site


class Stoppages:
    """Begins and ends stops from inside a machine, and shows them on its registers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.log: list[Stop] = []

    def strike(self, machine: Machine, cause: StopCause, stream: Random) -> None:
        """A cause strikes by itself; how long and whether it is named is drawn from the cause's own stream."""
        lasts, named, delay = stream.gammavariate(2.0, 0.5), stream.random(), stream.uniform(15, 100)
        seconds = max(8.0, 60 * cause.lasts * lasts * (1 if cause.breakdown else machine.clumsy * self.site.crew_pace))
        stop = self.begin(
            machine, cause.name, cause.code, alarm=cause.alarm, state=ABORTED if cause.breakdown else HELD
        )
        if named >= cause.unnamed:
            self._later(2.0 if cause.alarm else min(delay, 0.8 * seconds), stop, machine)
        if cause.breakdown:
            self.site.env.process(self._repaired(machine, stop, cause.part, seconds))
        else:
            self.site.env.timeout(seconds).callbacks.append(lambda _: self.end(machine, stop))

    def begin(
        self,
        machine: Machine,
        name: str,
        code: int,
        *,
        alarm: bool = False,
        state: int = HELD,
        enter: bool = False,
        trouble: str = "",
    ) -> Stop:
        site = self.site
        stop = Stop(machine.path, name, code, site.env.now, state, crew=site.crew, trouble=trouble)
        machine.stops.append(stop)
        self.log.append(stop)
        if alarm:
            site.recorder.changed(site.env.now, machine.path, "alarm", alarm_of(code))
        if enter:
            self._enter(stop, machine)
        site.rebalance(machine)
        return stop

    def end(self, machine: Machine, stop: Stop) -> None:
        """Put right; does nothing when it was put right before."""
        if stop.ended is not None:
            return
        site = self.site
        stop.ended = site.env.now
        machine.stops.remove(stop)
        left = [s.code for s in machine.stops if s.entered]
        site.recorder.changed(site.env.now, machine.path, "alarm", 0)
        site.recorder.changed(site.env.now, machine.path, "reason", left[-1] if left else 0)
        site.rebalance(machine)

    def hold(self, machine: Machine, name: str, code: int, seconds: float, **shown: Any) -> Generator[Any, Any, None]:
        """Stop the machine for `seconds`; a step of a process."""
        stop = self.begin(machine, name, code, **shown)
        yield self.site.env.timeout(seconds)
        self.end(machine, stop)

    def relieve(self, machine: Machine) -> None:
        """Whatever holds the machine at present is put right."""
        for stop in list(machine.stops):
            self.end(machine, stop)

    def mend(self, machine: Machine, seconds: float, code: int = REPAIR) -> Generator[Any, Any, None]:
        """A technician works on the standing machine for `seconds`."""
        yield from self.hold(machine, "repair", code, seconds, state=STOPPED, enter=True)

    def _repaired(self, machine: Machine, stop: Stop, part: str, seconds: float) -> Generator[Any, Any, None]:
        with self.site.technicians.request() as technician:
            yield technician
            yield self.site.env.timeout(seconds)
        self.end(machine, stop)
        self.site.maintenance.breakdown_repaired(stop, part)

    def _later(self, seconds: float, stop: Stop, machine: Machine) -> None:
        self.site.env.timeout(seconds).callbacks.append(
            lambda _: self._enter(stop, machine) if stop.ended is None else None
        )

    def _enter(self, stop: Stop, machine: Machine) -> None:
        stop.entered = True
        self.site.recorder.changed(self.site.env.now, machine.path, "reason", stop.code)
