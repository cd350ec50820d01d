"""The plant in real time: the same simulation goes on with the wall clock, and its controllers show it over sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.plant.plant import Plant
from simulator.plant.quantities import Counter
from simulator.servers.field import Field
from simulator.troubles.trouble import DAY

STEP = 0.2  # seconds between two looks at the simulation
EVERY_SECOND = 5  # looks between two of the counters
EVERY_TEN = 50  # looks between two of the measured quantities
MANY = 3000  # looks between two clearings of what is no longer needed
FRESH_JAM = 20.0  # seconds after the start until the capper jams
FRESH_ORDER = 40.0
FRESH_DELAY = 70.0
DELAY = 8 * 3600.0  # by which the material of an order comes late


def real_clock() -> datetime:
    return datetime.now(UTC)


class Live:
    """A plant that lives; `state` is a file that lets it be taken up again where it stands (seed and interventions)."""

    def __init__(self, plant: Plant, state: Path | None = None, clock: Callable[[], datetime] = real_clock) -> None:
        self.plant, self.state, self.clock = plant, state, clock
        self.field = Field(plant.layout, plant.readings.wires)
        self.told = plant.days * DAY  # up to this second of the plant's life the product knows what systems know
        self._looks = 0
        self._awaited: list[tuple[Any, asyncio.Event]] = []

    async def start(self) -> None:
        """Come up to the present and open the controllers' servers."""
        now = self.clock()
        self.plant.advance(now)
        self.plant.readings.changes()
        self._forget()
        await self.field.start(self.plant.readings.now(), now)

    async def run(self, *, fresh: bool = True) -> None:
        """Live until cancelled. `fresh`: something happens soon, so that there is something to see."""
        if fresh:
            self._plan_fresh()
        try:
            while True:
                await self.look()
                await asyncio.sleep(STEP)
        finally:
            await self.field.stop()

    async def look(self) -> None:
        """Let the plant live up to now, and show what has changed."""
        now = self.clock()
        self.plant.advance(now)
        readings = self.plant.readings
        changes = readings.changes()
        values: dict[str, float | str] = {}
        times: dict[str, datetime] = {}
        if self._looks % EVERY_SECOND == 0:
            values = {tag: value for tag, value in readings.now().items() if self._is_due(tag)}
        for tag, at, value in changes:
            await self._show_passed(tag, values, times, now)
            values[tag], times[tag] = value, self.plant.site.at(at)
        await self.field.show(values, times, now)
        self._looks += 1
        if self._looks % MANY == 0:
            self._forget()
        for process, done in self._awaited:
            if process.processed:
                done.set()

    async def repair(self, equipment: str, part: str, title: str, text: str, seconds: float) -> None:
        """Technicians work for `seconds`; returns when they are done."""
        process = self._intervene("repair", equipment=equipment, part=part, title=title, text=text, seconds=seconds)
        done = asyncio.Event()
        self._awaited.append((process, done))
        await done.wait()
        self._awaited.remove((process, done))

    def move(self, moves: list[dict[str, Any]]) -> None:
        """Orders get new planned starts (`order`, `starts_at` in ISO 8601)."""
        start = self.plant.start
        seconds = [
            {"order": m["order"], "starts": (datetime.fromisoformat(m["starts_at"]) - start).total_seconds()}
            for m in moves
        ]
        self._intervene("move", moves=seconds)

    def tell_until(self, told: float, *, save: bool) -> None:
        self.told = told
        if save:
            self._save()

    def _plan_fresh(self) -> None:
        now = self.plant.site.env.now
        self.plant.go_through({"kind": "fresh_jam", "at": now + FRESH_JAM})
        first, *_ = self.plant.site.lines
        self.plant.go_through({"kind": "rush", "at": now + FRESH_ORDER, "line": first})
        self.plant.go_through({"kind": "late_material", "at": now + FRESH_DELAY, "line": first, "seconds": DELAY})
        self._save()

    def _intervene(self, kind: str, **facts: Any) -> Any:
        process = self.plant.intervene(kind, **facts)
        self._save()
        return process

    def _is_due(self, tag: str) -> bool:
        quantity = self.plant.readings.quantities.get(tag)
        return quantity is None or isinstance(quantity, Counter) or self._looks % EVERY_TEN == 0

    async def _show_passed(
        self, tag: str, values: dict[str, float | str], times: dict[str, datetime], now: datetime
    ) -> None:
        """A tag that changed twice since the last look: the first change is shown before the second."""
        if tag in times:
            await self.field.show({tag: values[tag]}, {tag: times[tag]}, now)

    def _forget(self) -> None:
        """The past's points are not needed to go on."""
        site = self.plant.site
        for line in site.lines.values():
            for stage in line.stages:
                stage.points.clear()
        for meter in (site.metering.air, site.metering.compressor, *site.metering.lines.values()):
            meter.points.clear()

    def _save(self) -> None:
        if self.state is None:
            return
        plant = self.plant
        facts = {
            "seed": plant.seed,
            "days": plant.days,
            "now": plant.now.isoformat(),
            "interventions": plant.interventions,
            "told": self.told,
        }
        fresh = self.state.with_suffix(".new")
        fresh.write_text(json.dumps(facts), encoding="utf-8")
        fresh.replace(self.state)


def take_up(state: Path, plant_file: Path, clock: Callable[[], datetime] = real_clock) -> Live | None:
    """The life whose `state` was kept, with everything that came into it; None when there is none."""
    if not state.exists():
        return None
    facts = json.loads(state.read_text(encoding="utf-8"))
    plant = Plant(facts["seed"], facts["days"], now=datetime.fromisoformat(facts["now"]), plant=plant_file)
    for intervention in facts["interventions"]:
        plant.go_through(intervention)
    live = Live(plant, state, clock)
    live.told = facts["told"]
    return live
