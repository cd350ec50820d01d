"""The plant as evals, tests and the demo use it: a seed, a number of days, and which troubles to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.plant.interventions import start
from simulator.plant.layout import Layout, read_layout
from simulator.plant.readings import Batch, Readings
from simulator.plant.records import Record, records
from simulator.plant.site import Site
from simulator.plant.truth import Outcome, outcome
from simulator.troubles.registry import all_troubles
from simulator.troubles.trouble import DAY, Trouble

DEMO_PLANT = Path(__file__).parents[2] / "plant.yaml"
DEMO_NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


class Plant:
    """A bottling site with `days` of past that end at `now`, planted troubles but for those named in `without`.

    The same arguments give the same past, byte for byte. `past()` gives its readings, `records()` what the other
    systems know of it, `truth()` what only the simulator knows. `advance()` goes on from there.
    """

    def __init__(
        self,
        seed: int,
        days: float = 30,
        without: Iterable[str] = (),
        *,
        now: datetime = DEMO_NOW,
        plant: Path = DEMO_PLANT,
    ) -> None:
        self.seed, self.days, self.without, self.now = seed, days, frozenset(without), now
        self.file = plant
        self.layout: Layout = read_layout(plant)
        known = all_troubles()
        if unknown := self.without - known.keys():
            raise ValueError(f"without: {', '.join(sorted(unknown))}: no such trouble; known: {', '.join(known)}")
        self.start = (now - timedelta(days=days)).astimezone(UTC)
        self.site = Site(self.layout, seed, self.start)
        self.troubles: dict[str, Trouble] = {
            name: trouble(self.site, days * DAY) for name, trouble in known.items() if name not in self.without
        }
        self.site.plant_troubles(self.troubles.values())
        self.readings = Readings(self.layout, self.site, seed)
        self.interventions: list[dict[str, Any]] = []

    def run(self) -> Plant:
        """Live through the past, without taking anything down."""
        self.advance(self.now)
        return self

    def advance(self, until: datetime) -> None:
        """Live on until `until`; a moment that has been lived through changes nothing."""
        seconds = (until - self.start).total_seconds()
        if seconds > self.site.env.now:
            self.site.env.run(until=seconds)
            self.site.settle()

    def intervene(self, kind: str, **facts: Any) -> Any:
        """Something from outside happens now (see interventions.py); returns the simulation's event of its end."""
        return self.go_through({"kind": kind, "at": self.site.env.now, **facts})

    def go_through(self, intervention: dict[str, Any]) -> Any:
        """An intervention that is known already, at its own moment."""
        self.interventions.append(intervention)
        return start(self, intervention)

    def past(self) -> Iterator[Batch]:
        """The readings of the past in order of time, a batch a day."""
        self.run()
        return self.readings.batches(self.days * DAY)

    def records(self) -> list[Record]:
        """What ERP, CMMS, LIMS, WMS, PLM and the shift book know of the past, in order of time."""
        self.run()
        return records(self.site)

    def outcome(self) -> Outcome:
        """Units, hours and money of the past."""
        self.run()
        return outcome(self.site)

    def truth(self) -> list[dict[str, object]]:
        """Every planted trouble that was there: what, where, from when to when, and whether it still is."""
        self.run()
        return [
            {
                "trouble": trouble.name,
                "kind": trouble.kind,
                "equipment": trouble.equipment,
                "part": trouble.part,
                "from": self.site.at(episode.began),
                "to": None if episode.ended is None else self.site.at(episode.ended),
                "active": episode.ended is None,
                "says": trouble.says,
            }
            for trouble in self.troubles.values()
            for episode in trouble.episodes
        ]

    def cost_of(self, trouble: str) -> dict[str, float]:
        """What `trouble` cost in truth: this plant against the same without it."""
        other = Plant(self.seed, self.days, self.without | {trouble}, now=self.now, plant=self.file)
        return other.outcome().less(self.outcome())
