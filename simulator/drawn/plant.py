"""A plant drawn from a seed, as evals and tests use it: its file, its past, what its systems know, and the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from simulator.drawn.calendar import Calendar
from simulator.drawn.chance import ordinary_stops
from simulator.drawn.effects import Effect, Silence, Trouble
from simulator.drawn.file import plant_file
from simulator.drawn.layout import draw_layout
from simulator.drawn.life import Life
from simulator.drawn.outcome import Outcome, outcome_of
from simulator.drawn.plan import draw_troubles
from simulator.drawn.readings import Batch, Readings
from simulator.drawn.records import records
from simulator.drawn.supply import Supply
from simulator.drawn.truth import truth_of
from simulator.plant.written import Record


class DrawnPlant:
    """The same arguments give the same plant and past, byte for byte.

    `without`: names of troubles (t1 …) that did not happen; everything else is drawn as before. `faster`: share by which
    a machine is faster, by path: `{"line-1/m3": 0.05}`. Raises ValueError for names that this plant does not have.
    """

    def __init__(
        self, seed: int, days: float = 3.0, without: Iterable[str] = (), faster: Mapping[str, float] | None = None
    ) -> None:
        self.seed, self.days = seed, days
        self.without, self.faster = frozenset(without), dict(faster or {})
        self.layout = draw_layout(seed)
        self.calendar = Calendar(self.layout, days)
        self.supply = Supply(self.layout, self.calendar)
        drawn = draw_troubles(self.layout, self.calendar, self.supply)
        if unknown := self.without.difference(trouble.name for trouble in drawn):
            raise ValueError(f"without: {', '.join(sorted(unknown))}: no such trouble in plant {seed}")
        if unknown := frozenset(self.faster).difference(unit.path for unit in self.layout.units):
            raise ValueError(f"faster: {', '.join(sorted(unknown))}: no such machine in plant {seed}")
        self.troubles: list[Trouble] = [trouble for trouble in drawn if trouble.name not in self.without]
        self.start, self.now = self.calendar.start, self.calendar.at(self.calendar.seconds)

    @property
    def effects(self) -> list[Effect]:
        ordinary = ordinary_stops(self.layout, self.calendar.seconds)
        return [*ordinary, *(effect for trouble in self.troubles for effect in trouble.effects)]

    def life(self, *, recording: bool = False) -> Life:
        """The plant, lived through to its end."""
        return Life(self.layout, self.calendar, self.effects, self.faster, recording).run()

    @cached_property
    def lived(self) -> Life:
        return self.life(recording=True)

    @cached_property
    def file(self) -> dict[str, Any]:
        """A whole plant.yaml as data."""
        return plant_file(self.layout)

    @cached_property
    def readings(self) -> Readings:
        return Readings(self.lived, self.effects, self.file["connectors"])

    def past(self) -> Iterator[Batch]:
        """The readings in the order in which they came."""
        return self.readings.batches()

    def gaps(self) -> list[dict[str, Any]]:
        """Times in which a source told nothing, as a collector would have noted them: connector, start, end, reason."""
        spans = [effect for effect in self.effects if isinstance(effect, Silence) and not effect.tag]
        return [
            {
                "connector": span.connector,
                "start": self.calendar.at(span.start),
                "end": self.calendar.at(span.end) if span.end < self.calendar.seconds else None,
                "reason": "link lost",
            }
            for span in spans
        ]

    def records(self) -> list[Record]:
        """What ERP, CMMS, LIMS, WMS, PLM and the shift book know, in order of time."""
        return records(self.lived, self.readings, self.supply, self.effects)

    def truth(self) -> list[dict[str, Any]]:
        """Every trouble (and innocent change) that was there, see `truth.py`."""
        return truth_of(self.lived, self.troubles)

    @cached_property
    def _outcome(self) -> Outcome:
        return outcome_of(self.life())

    def outcome(self) -> Outcome:
        """Pieces, energy and money of the whole time; no readings are made for it."""
        return self._outcome

    def cost_of(self, name: str) -> dict[str, float]:
        """What a trouble cost in truth: this plant against the same without it."""
        other = DrawnPlant(self.seed, self.days, self.without | {name}, self.faster)
        return other.outcome().less(self.outcome())
