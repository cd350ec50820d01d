"""The maintenance crew: breakdowns mended, planned work done, orders from outside carried out; all of it on record."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.plant import wording
from simulator.plant.causes import PLANNED
from simulator.plant.machine import Machine, Stop

if TYPE_CHECKING:
    from simulator.plant.site import Site

HOUR_COST = 58.0
PREVENTIVE_EVERY = 8 * 86400.0  # each line: one machine, in turn
PREVENTIVE_LASTS = 45 * 60.0


@dataclass
class WorkOrder:
    """A maintenance order of the CMMS. Times in seconds from the plant's start; `cost` in the plant's currency."""

    number: str
    machine: str
    part: str
    kind: str  # corrective, preventive, inspection
    title: str
    text: str
    reported: float
    started: float | None = None
    ended: float | None = None
    technician: str = ""
    failure_mode: str = ""
    parts_cost: float = 0.0
    planned: float | None = None  # when it was to be done
    planned_hours: float | None = None
    ordered: bool = False  # by the product, which is told of it by itself

    @property
    def known(self) -> float:
        """When it was written."""
        return self.ended if self.ended is not None else self.reported

    @property
    def hours(self) -> float:
        return 0.0 if self.ended is None or self.started is None else round((self.ended - self.started) / 3600, 2)

    @property
    def cost(self) -> float:
        return round(self.hours * HOUR_COST + self.parts_cost, 2)


class Maintenance:
    """Keeps the work orders and does the work."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.orders: list[WorkOrder] = []
        self._draw = site.streams.of("maintenance", "words")
        for index, line in enumerate(site.lines.values()):
            site.env.process(self._preventive(line.machines, (2.3 + 3.1 * index) * 86400))

    def breakdown_repaired(self, stop: Stop, part: str) -> None:
        title, text, mode = wording.breakdown(
            self.site.streams.of("breakdown", stop.machine, stop.began), stop.machine, part
        )
        self.write(stop.machine, part, "corrective", title, text, stop.began + 120, self.site.env.now, mode)

    def mend(
        self,
        machine: Machine,
        part: str,
        title: str,
        text: str,
        seconds: float,
        *,
        kind: str = "corrective",
        mode: str = "",
    ) -> Generator[Any, Any, None]:
        """Stop the machine, work on it for `seconds`, and write it down."""
        began = self.site.env.now
        yield from self.site.stoppages.mend(machine, seconds, PLANNED if kind == "preventive" else 41)
        self.write(machine.path, part, kind, title, text, began, self.site.env.now, mode)

    def write(
        self,
        machine: str,
        part: str,
        kind: str,
        title: str,
        text: str,
        started: float,
        ended: float | None,
        mode: str = "",
    ) -> WorkOrder:
        draw = self.site.streams.of("work order", machine, title, round(started))
        order = WorkOrder(
            number=f"WO-{26_000 + len(self.orders):05d}",
            machine=machine,
            part=part,
            kind=kind,
            title=title,
            text=text,
            reported=started - draw.uniform(120, 900),
            started=started,
            ended=ended,
            technician=wording.technician(draw, part),
            failure_mode=mode,
            parts_cost=wording.SPARES.get(part, ("", 0.0))[1] if kind == "corrective" else 0.0,
        )
        estimate = self.site.streams.of("estimate", machine, title, round(started))
        if ended is not None:
            order.planned_hours = round((ended - started) / 3600 * estimate.uniform(0.8, 1.3), 1)
        if kind != "corrective":
            order.planned = max(order.reported, started - 3600 * estimate.choice((0.5, 1, 2, 4, 30)))
        self.orders.append(order)
        return order

    def _preventive(self, machines: list[Machine], first: float) -> Generator[Any, Any, None]:
        turn = 0
        yield self.site.env.timeout(first)
        while True:
            machine = machines[(turn * 2 + 1) % len(machines)]
            turn += 1
            title, text = wording.preventive(self.site.streams.of("preventive", machine.path, turn), machine.kind)
            yield from self.mend(machine, "", title, text, PREVENTIVE_LASTS, kind="preventive")
            yield self.site.env.timeout(PREVENTIVE_EVERY - PREVENTIVE_LASTS)
