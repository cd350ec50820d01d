"""From an engineering value to what stands in a register or node, and back: the same steps that a connector takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.plant.layout import Layout, TagSpec

NEARLY = 1e-6  # a counter this close under a whole number has reached it


class Wire:
    """One tag's way between the value that a person sees and the raw one."""

    def __init__(self, tag: TagSpec, layout: Layout) -> None:
        self.tag = tag
        self.whole = "int" in tag.type or tag.type == "bool"
        self._codes = {p.id: p.code for p in layout.products.values()}

    def raw(self, value: float | str) -> int | float | str:
        """The raw value of an engineering value, product id or order number."""
        tag = self.tag
        if tag.type == "text":
            return str(value)
        if isinstance(value, str):
            return self._codes.get(value, 0) if tag.key == "product" else int(value or 0)
        scaled = (value - tag.offset) / tag.scale
        if not self.whole:
            return round(scaled, 3)
        return math.floor(scaled + NEARLY) if tag.counts else round(scaled)

    def shown(self, value: float | str) -> float | str:
        """`value` as it can be read off the wire, quantised and scaled."""
        raw = self.raw(value)
        return raw if isinstance(raw, str) else float(self._scaled(raw))

    def _scaled(self, raw: Any) -> Any:
        """A scale such as 0.1 divides by 10, so that 3 becomes 0.3 and nothing near it."""
        inverse = round(1 / self.tag.scale) if 0 < self.tag.scale < 1 else 0
        return (raw / inverse if inverse else raw * self.tag.scale) + self.tag.offset

    def shown_all(self, values: npt.NDArray[np.float64]) -> Any:
        """`shown` for many numbers at once."""
        tag = self.tag
        scaled = (values - tag.offset) / tag.scale
        raw = np.round(scaled, 3) if not self.whole else np.floor(scaled + NEARLY) if tag.counts else np.round(scaled)
        return self._scaled(raw)
