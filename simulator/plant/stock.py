"""What lies in the store for each line: counted when a shift ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.plant.material import LOT_SIZE, USED_AT
from simulator.plant.written import Record, iso

if TYPE_CHECKING:
    from simulator.plant.site import Site

UNIT_COST = {"bottles": 0.05, "caps": 0.008, "labels": 0.006, "cartons": 0.12}
LEAST, MOST = 1.2, 2.2  # lots


def levels(site: Site, since: float) -> Iterator[Record]:
    if since < 0:
        yield from _counted(site, "start", 0.0)
    for shift in site.shifts:
        if max(since, 0.0) < shift.ends <= site.env.now:
            yield from _counted(site, shift.key, shift.ends)


def _counted(site: Site, when: str, at: float) -> Iterator[Record]:
    for line in site.lines:
        for material, machine in USED_AT.items():
            draw = site.streams.of("stock", line, material, when)
            data = {
                "material": material,
                "equipment": f"{line}/{machine}",
                "quantity": round(LOT_SIZE[material] * draw.uniform(LEAST, MOST)),
                "unit": "pcs",
                "unit_cost": UNIT_COST[material],
                "at": iso(site, at),
            }
            yield Record("wms", "stock_level", f"SL-{line}-{material}-{when}", site.at(at), data)
