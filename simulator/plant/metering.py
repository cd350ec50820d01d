"""Which machine draws what: feeds the energy and air meters whenever machines start or stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.plant.meters import AIR, COMPRESSOR_IDLE, COMPRESSOR_KWH, KILOWATTS, STANDBY, Meter

if TYPE_CHECKING:
    from simulator.plant.site import Site


class Metering:
    """A kWh meter for each line and for the compressor, and the air it delivers. `leak`: m3/h that nobody uses."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.lines = {path: Meter(site.env) for path in site.lines}
        self.air, self.compressor = Meter(site.env), Meter(site.env)
        self.leak = 0.0
        self._seen: tuple[object, ...] = ()
        self.follow()

    def follow(self) -> None:
        seen = (self.leak, *(m.rate > 0 for m in self.site.machines.values()))
        if seen == self._seen:
            return
        self._seen = seen
        flow = self.leak
        for path, line in self.site.lines.items():
            running = [m.kind for m in line.machines if m.rate > 0]
            self.lines[path].set(STANDBY + sum(KILOWATTS[kind] for kind in running))
            flow += sum(AIR[kind] for kind in running)
        self.air.set(flow)
        self.compressor.set(COMPRESSOR_IDLE + COMPRESSOR_KWH * flow)
