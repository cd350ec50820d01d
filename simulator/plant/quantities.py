"""What is not a register but a quantity: counters and measurements, at given moments of the past or now."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import numpy.typing as npt

from simulator.plant.layout import TagSpec
from simulator.plant.machine import Machine, Stage
from simulator.plant.meters import Meter, pressure

if TYPE_CHECKING:
    from simulator.plant.site import Site

Values = npt.NDArray[np.float64]
SPREAD = {"torque": 0.025, "fill_level": 0.25, "pressure": 0.03, "flow": 4.0}
"""Standard deviation of a minute's measurement."""
CASE = 12  # bottles
REWORKED = 0.0008  # of the bottles that a packer handles


class Quantity(ABC):
    """Something that can be asked for at any moment."""

    @abstractmethod
    def at(self, moments: Values) -> tuple[Values, Values]:
        """(moments kept, values); `moments` in seconds from the start, ascending."""

    @abstractmethod
    def now(self) -> float:
        """The value at this moment."""


class Counter(Quantity):
    """A total that grows piecewise linearly; `points` holds (seconds, total) where its rate changed."""

    def __init__(self, points: Callable[[], list[tuple[float, float]]], now: Callable[[], float]) -> None:
        self._points, self._now = points, now

    def at(self, moments: Values) -> tuple[Values, Values]:
        known = np.array(self._points(), dtype=np.float64).reshape(-1, 2)
        return moments, np.interp(moments, known[:, 0], known[:, 1])

    def now(self) -> float:
        return self._now()


class Measured(Quantity):
    """A measurement about a level that troubles move, taken only while its machine runs."""

    def __init__(self, site: Site, machine: Machine, key: str, seed: int) -> None:
        self.site, self.machine, self.key = site, machine, key
        self._noise = np.random.default_rng([seed, crc32(f"{machine.path}.{key}".encode())])
        self._last = site.recorder.level_now(machine.path, key)

    def at(self, moments: Values) -> tuple[Values, Values]:
        levels = np.array(self.site.recorder.levels[self.machine.path, self.key])
        value = levels[np.searchsorted(levels[:, 0], moments, side="right") - 1, 1]
        value = value + self._noise.normal(0.0, SPREAD[self.key], len(moments))
        fed = np.array([point[:2] for point in _ended(self.site, self.machine)])
        ran = np.diff(np.interp(moments, fed[:, 0], fed[:, 1]), prepend=0.0) > 1.0
        return moments[ran], value[ran]

    def now(self) -> float:
        if self.machine.rate > 0:
            level = self.site.recorder.level_now(self.machine.path, self.key)
            self._last = level + float(self._noise.normal(0.0, SPREAD[self.key]))
        return self._last


class Air(Quantity):
    """The air drawn in a minute (m3/h), or the pressure that is left (bar)."""

    def __init__(self, meter: Meter, key: str, seed: int) -> None:
        self.meter, self.key = meter, key
        self._noise = np.random.default_rng([seed, crc32(key.encode())])

    def at(self, moments: Values) -> tuple[Values, Values]:
        known = np.array([*self.meter.points, (self.meter.env.now, self.meter.settle())])
        flow = np.diff(np.interp(moments, known[:, 0], known[:, 1]), prepend=0.0) * 60
        return moments, self._shown(flow)

    def now(self) -> float:
        return float(self._shown(np.array([self.meter.rate]))[0])

    def _shown(self, flow: Values) -> Values:
        value = flow if self.key == "flow" else np.array([pressure(f) for f in flow.tolist()])
        noisy: Values = np.maximum(0.0, value + self._noise.normal(0.0, SPREAD[self.key], len(value)))
        return noisy


def quantities(site: Site, tags: Iterable[TagSpec], seed: int) -> dict[str, Quantity]:
    """The quantity behind each tag that has one, by tag id.

    Raises ValueError naming the tag when the plant file asks for what the simulated site does not have.
    """
    found = {tag.id: q for tag in tags if (q := _quantity(site, tag, seed)) is not None}
    registers = {"state", "set_up", "alarm", "reason", "order", "product", "speed", "set_speed"}
    for tag in tags:
        if tag.id not in found and tag.key not in registers:
            raise ValueError(
                f"tag {tag.id}: the simulated site has no {tag.key!r} at {tag.equipment}; remove it or rename it"
            )
    return found


def _quantity(site: Site, tag: TagSpec, seed: int) -> Quantity | None:
    key, machine = tag.key, site.machines.get(tag.equipment)
    if tag.equipment == "utilities/compressor":
        return _metered(site.metering.compressor) if key == "energy" else Air(site.metering.air, key, seed)
    if tag.equipment in site.lines and key == "energy":
        return _metered(site.metering.lines[tag.equipment])
    if tag.equipment == "palletiser" and key in ("good", "lane_1", "lane_2"):
        return _palletised(site, key)
    if machine is not None and (key == "good" or key in {f"scrap_{reason}" for reason in machine.reasons}):
        return _counted(site, machine, key)
    if machine is not None and key == "rework":
        return _packed_anew(site, machine)
    if machine is not None and key in SPREAD:
        return Measured(site, machine, key, seed)
    return None


def _metered(meter: Meter) -> Counter:
    def points() -> list[tuple[float, float]]:
        return [*((p[0], p[1]) for p in meter.points), (meter.env.now, meter.settle())]

    return Counter(points, meter.settle)


def _ended(site: Site, stage: Stage) -> list[tuple[float, ...]]:
    return [*stage.points, (site.env.now, stage.fed, *stage.scrapped)]


def _counted(site: Site, machine: Machine, key: str) -> Counter:
    if key == "good":
        return Counter(lambda: [(p[0], p[1] - sum(p[2:])) for p in _ended(site, machine)], lambda: machine.good)
    reason = machine.reasons.index(key.removeprefix("scrap_"))
    return Counter(lambda: [(p[0], p[2 + reason]) for p in _ended(site, machine)], lambda: machine.scrapped[reason])


def _packed_anew(site: Site, machine: Machine) -> Counter:
    """Bottles that were taken out of a bad carton and packed once more: a fixed share of what the machine handled."""
    return Counter(lambda: [(p[0], p[1] * REWORKED) for p in _ended(site, machine)], lambda: machine.fed * REWORKED)


def _palletised(site: Site, key: str) -> Counter:
    """Bottles on pallets, or cases taken from one lane."""
    lines = list(site.lines.values())
    if key != "good":
        lane = lines[int(key[-1]) - 1].lane
        return Counter(lambda: [(p[0], p[1] / CASE) for p in _ended(site, lane)], lambda: lane.fed / CASE)

    def points() -> list[tuple[float, float]]:
        """Both lanes' points meet on a common axis."""
        moments = sorted({p[0] for line in lines for p in line.lane.points} | {site.env.now})
        total = sum(np.interp(moments, *np.array([p[:2] for p in _ended(site, line.lane)]).T) for line in lines)
        return list(zip(moments, np.asarray(total).tolist(), strict=True))

    return Counter(points, lambda: sum(line.lane.fed for line in lines))
