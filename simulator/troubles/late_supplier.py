"""A supplier delivers caps late, and the capper stands without them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simulator.plant.causes import MATERIAL
from simulator.troubles.trouble import Trouble

LATE_DAYS = (18.2, 10.6, 3.4)  # days before now that a delivery was late
STANDS_HOURS = 3.2


class LateSupplier(Trouble):
    name = "late_supplier"
    kind = "waiting for material"
    equipment = "line-1/capper"
    words = ("supplier", "safety stock", "delivery", "order caps earlier")
    says = "Kapsel AG delivered caps late three times; line 1 stood about three hours each time and orders slipped."
    shows_in_work = False
    when = ((18.5, None),)

    def begin(self) -> None:
        draw = self.site.streams.of("supplier", self.name)
        for days in LATE_DAYS:
            hours = STANDS_HOURS * draw.uniform(0.8, 1.2)
            at = self.now - days * 86400
            if at > self.site.env.now:
                self.site.env.process(self._stand(at - self.site.env.now, hours * 3600))

    def end(self) -> None:
        """The next delivery comes in time; nothing to undo."""

    def _stand(self, wait: float, seconds: float) -> Generator[Any, Any, None]:
        yield self.site.env.timeout(wait)
        if not self.active:
            return
        self.site.material.late("caps", "Kapsel AG", seconds + 2 * 3600)
        yield from self.site.stoppages.hold(
            self.machine, "no caps delivered", MATERIAL, seconds, enter=True, trouble=self.name
        )
