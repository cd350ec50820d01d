"""What holds a line back, in a sentence: the same on the page and in the report."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.bottleneck.gather import bottleneck_of, reliefs_of
from mom.bottleneck.relief import FASTER, Relief
from mom.bottleneck.shown import as_json
from mom.facts import Window
from mom.store.plants import Layout

WORTH_S = 60
"""Seconds of the line that a relief has to bring to be worth a number."""


@dataclass(frozen=True, slots=True)
class Told:
    """`data`: mom.bottleneck.shown.as_json, with the relief of the machine that held the line back the most."""

    window: Window
    data: Mapping[str, Any]
    currency: str
    unit: str  # of pieces

    @property
    def sentence(self) -> str:
        """Who, for how much of the time, and what it would have brought to speed it up. Why not, where it cannot be told."""
        first = self.data["bottleneck"]
        if first is None:
            return f"{self.data['line']}: I cannot tell what held it back: {'; '.join(self.data['missing'])}."
        return f"{self._who(first)} {self._relief()}".rstrip()

    def _who(self, first: Mapping[str, Any]) -> str:
        line, share = self.data["line"], words.percent(first["share"], 0)
        if self.data["limit"] == "orders":
            without = words.percent(self.data["without_order"], 0)
            return f"{line} stood for want of orders for {without} of its time; while it ran, {first['machine']} set the pace."
        others = [m for m in self.data["machines"] if m["machine"] != first["machine"]]
        second = max(others, key=lambda one: float(one["share"]), default=None)
        after = f", then {second['machine']} ({words.percent(second['share'], 0)})" if second else ""
        return f"{first['machine']} held {line} back for {share} of the time that it ran{after}."

    def _relief(self) -> str:
        if self.data["limit"] == "orders":
            return ""
        if not self.data["relief"]:
            why = self.data["relief_missing"]
            return f"What relief would bring cannot be reckoned: {why}." if why else ""
        best = self.data["relief"][0]
        faster = f"{words.number(100 * FASTER)} % faster it would have brought"
        if best["seconds"] < WORTH_S:
            return f"{faster} next to nothing."
        pieces, worth = words.quantity(best["units"], self.unit), words.money(best["money"], self.currency)
        return f"{faster} {pieces} more, {worth}."


async def told_of(session: AsyncSession, layout: Layout, line: str, window: Window, now: datetime) -> Told:
    """Of a line in a window: its bottleneck, and what relief of that machine would have brought."""
    found, facts = await bottleneck_of(session, layout, line, window, now)
    reliefs: list[Relief] = []
    why = ""
    if found.first and found.limit:  # a replay takes seconds, in which others are to be served
        reliefs, why = await asyncio.to_thread(reliefs_of, facts, line, found.first.paths)
    data = as_json(found, layout, reliefs, why)
    return Told(window, data, layout.site.currency, layout.unit or "pcs")
