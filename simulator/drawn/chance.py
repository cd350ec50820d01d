"""What is ordinary: short stops, a longer one now and then, speeds and scrap that waver. Each has numbers of its own,
keyed by machine and count, so that nothing that happens elsewhere moves them."""

from __future__ import annotations

from random import Random

from simulator.drawn.codes import codes
from simulator.drawn.effects import Strike
from simulator.drawn.layout import Layout, UnitPlan
from simulator.plant.streams import Streams

SLOT = 1200.0
"""So long speed and scrap stay as they are."""
NAMED, WRONGLY = 0.85, 0.03
"""How often an operator enters a reason, and how often a wrong one."""


class Chance:
    """Wavering of speeds and scrap, by machine and slot of time."""

    def __init__(self, seed: int) -> None:
        self.streams = Streams(seed)
        self._slots: dict[str, list[tuple[float, float]]] = {}

    def scrap_of(self, path: str, reasons: int) -> list[float]:
        """The usual share of scrap, by reason."""
        draw = self.streams.of("scrap", path)
        return [draw.uniform(0.0005, 0.004) for _ in range(reasons)]

    def slot(self, path: str, slot: int, usual: list[float]) -> tuple[float, list[float]]:
        """(share of full speed, share of scrap by reason) in a slot."""
        slots = self._slots.setdefault(path, [])
        if slot >= len(slots):
            draw = self.streams.of("slots", path, len(slots) // 64)
            slots += [(1 - abs(draw.gauss(0.0, 0.004)), draw.gammavariate(8.0, 1 / 8.0)) for _ in range(64)]
            return self.slot(path, slot, usual)
        speed, more = slots[slot]
        return speed, [share * more for share in usual]


def ordinary_stops(layout: Layout, seconds: float) -> list[Strike]:
    """Every moment at which a machine would stop by itself, were it running."""
    streams = Streams(layout.seed)
    return [strike for unit in layout.units for strike in _of_unit(layout, unit, streams, seconds)]


def _of_unit(layout: Layout, unit: UnitPlan, streams: Streams, seconds: float) -> list[Strike]:
    found = []
    for cause in range(len(unit.kind.causes)):
        draw = streams.of("stops", unit.path, cause)
        apart = draw.uniform(2.0, 9.0) * 3600
        lasts = draw.uniform(25, 110)
        code = codes()[unit.kind.name, cause]
        at = draw.expovariate(1 / apart)
        while at < seconds:
            found.append(strike_of(draw, at, unit, code, max(6.0, lasts * draw.gammavariate(2.0, 0.5))))
            at += draw.expovariate(1 / apart)
    draw = streams.of("longer stops", unit.path)
    at = draw.expovariate(1 / (120 * 3600))
    while at < seconds:
        code = codes()[unit.kind.name, draw.randrange(len(unit.kind.causes))]
        found.append(strike_of(draw, at, unit, code, draw.uniform(330, 900), breakdown=True))
        at += draw.expovariate(1 / (120 * 3600))
    return found


def strike_of(
    draw: Random,
    at: float,
    unit: UnitPlan,
    code: int,
    seconds: float,
    *,
    breakdown: bool = False,
    sure: bool = False,
    trouble: str = "",
    products: frozenset[str] | None = None,
) -> Strike:
    """A stop with what the operator will enter: mostly its reason, now and then nothing or a wrong one."""
    chance, other, delay = draw.random(), draw.randrange(len(unit.kind.causes)), draw.uniform(12, 90)
    named: int | None = code
    if chance > NAMED:
        named = None
    elif chance > NAMED - WRONGLY:
        named = codes()[unit.kind.name, other]
    return Strike(
        at, unit.path, seconds, code, trouble, sure, breakdown, products, named, min(delay, 0.7 * seconds), draw.random() < 0.9
    )  # fmt: skip
