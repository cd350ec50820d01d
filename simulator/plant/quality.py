"""The laboratory: a sample from each running line every two hours, measured as it truly is."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.plant.site import Site

EVERY = 2 * 3600.0


@dataclass(frozen=True)
class Result:
    """One measured characteristic of one sample. `at` in seconds from the plant's start."""

    key: str
    at: float
    machine: str
    product: str
    order: str
    characteristic: str
    value: float
    unit: str
    low: float
    high: float
    sample: str

    @property
    def passed(self) -> bool:
        return self.low <= self.value <= self.high


class Laboratory:
    """Takes samples and keeps the results."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.results: list[Result] = []
        for index, line in enumerate(site.lines):
            site.env.process(self._sample(line, 1800.0 + 3600 * index))

    def _sample(self, line: str, first: float) -> Generator[Any, Any, None]:
        yield self.site.env.timeout(first)
        number = 0
        while True:
            number += 1
            order = self.site.books[line].current
            if order is not None and self.site.machines[f"{line}/filler"].rate > 0:
                self._measure(line, order.product.id, order.number, number)
            yield self.site.env.timeout(EVERY)

    def _measure(self, line: str, product: str, order: str, number: int) -> None:
        draw = self.site.streams.of("laboratory", line, number)
        litres = int(product.rsplit("-", 1)[-1]) / 100
        torque = self.site.recorder.level_now(f"{line}/capper", "torque")
        found = [
            (
                f"{line}/filler",
                "fill volume",
                round(1000 * litres * (1 + draw.gauss(0.002, 0.0018)), 1),
                "ml",
                990 * litres,
                1015 * litres,
            ),
            (f"{line}/capper", "opening torque", round(0.82 * torque + draw.gauss(0, 0.05), 2), "Nm", 1.10, 1.80),
            (f"{line}/labeller", "label position", round(draw.gauss(0.0, 0.45), 2), "mm", -1.5, 1.5),
        ]
        if line == "line-2":
            found.append((f"{line}/filler", "brix", round(11.2 + draw.gauss(0, 0.08), 2), "°Bx", 10.9, 11.5))
        for machine, characteristic, value, unit, low, high in found:
            key = f"LAB-{line[-1]}{number:05d}-{characteristic.replace(' ', '-')}"
            self.results.append(
                Result(
                    key,
                    self.site.env.now,
                    machine,
                    product,
                    order,
                    characteristic,
                    value,
                    unit,
                    round(low, 1),
                    round(high, 1),
                    f"LAB-{line[-1]}{number:05d}",
                )
            )
