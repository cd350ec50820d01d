"""Energy and compressed air: totals that grow at a rate which the running machines set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KILOWATTS = {"depalletiser": 9.0, "filler": 42.0, "capper": 7.5, "labeller": 11.0, "packer": 14.0}
STANDBY = 12.0  # kW of a line that stands
AIR = {"depalletiser": 25.0, "filler": 60.0, "capper": 20.0, "labeller": 15.0, "packer": 70.0}
"""Cubic metres an hour that a running machine draws."""
COMPRESSOR_KWH = 0.115  # per cubic metre
COMPRESSOR_IDLE = 4.0  # kW
FULL_FLOW = 380.0  # above this the pressure falls
PRESSURE, SAG = 6.85, 0.0045  # bar, and bar per m3/h beyond


@dataclass
class Meter:
    """A total that grows at `rate` an hour, with the points where its rate changed."""

    env: Any
    rate: float = 0.0
    total: float = 0.0
    points: list[tuple[float, ...]] = field(default_factory=list)
    _last: float = 0.0

    def settle(self) -> float:
        now = self.env.now
        self.total += self.rate * (now - self._last) / 3600
        self._last = now
        return self.total

    def set(self, rate: float) -> None:
        """Grow at `rate` an hour from now on."""
        if abs(rate - self.rate) > 1e-9:
            self.points.append((self.env.now, self.settle()))
            self.rate = rate


def pressure(flow: float) -> float:
    """The ring main's pressure in bar when `flow` m3/h is drawn."""
    return PRESSURE - SAG * max(0.0, flow - FULL_FLOW)
