"""What the controllers showed: each change of a register as it happened, counters and measurements by the minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simulator.plant.layout import Layout
from simulator.plant.quantities import Quantity, quantities
from simulator.plant.wire import Wire

if TYPE_CHECKING:
    from simulator.plant.site import Site

MINUTE = 60.0
BATCH = 86400.0  # seconds of past in a batch
GOOD = 0  # OPC UA status: good
Row = tuple[str, datetime, float | str, int]
"""(tag id, at, value, status)"""
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """Readings in order of time, as columns. `tag` points into `tags`; `text[i]` stands where `number[i]` is NaN."""

    tags: tuple[str, ...]
    tag: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]  # microseconds since 1970, UTC
    number: Values
    text: dict[int, str]

    def __len__(self) -> int:
        return len(self.tag)

    def rows(self) -> Iterator[Row]:
        for i, (tag, at, number) in enumerate(
            zip(self.tag.tolist(), self.at.tolist(), self.number.tolist(), strict=True)
        ):
            value = self.text[i] if number != number else number
            yield self.tags[tag], datetime.fromtimestamp(at / 1e6, UTC), value, GOOD


class Readings:
    """Turns what happened at the site into readings of the tags in the plant file."""

    def __init__(self, layout: Layout, site: Site, seed: int) -> None:
        self.layout, self.site, self.seed = layout, site, seed
        self.wires = {tag.id: Wire(tag, layout) for tag in layout.tags}
        self.quantities: dict[str, Quantity] = quantities(site, layout.tags, seed)
        self._registers = {(tag.equipment, tag.key): tag for tag in layout.tags if tag.id not in self.quantities}

    def batches(self, until: float) -> Iterator[Batch]:
        """The readings of the first `until` seconds; may be asked for once."""
        ids = tuple(tag.id for tag in self.layout.tags)
        number_of = {tag: i for i, tag in enumerate(ids)}
        changes = self.changes()
        text = np.array([v if isinstance(v, str) else None for _, _, v in changes], dtype=object)
        columns = [
            (
                np.array([number_of[tag] for tag, _, _ in changes], dtype=np.int32),
                np.array([at for _, at, _ in changes], dtype=np.float64),
                np.array([np.nan if isinstance(v, str) else v for _, _, v in changes], dtype=np.float64),
                text,
            )
        ]
        for tag, quantity in self.quantities.items():
            at, value = self._minutes(self.wires[tag], quantity, until)
            columns.append(
                (np.full(len(at), number_of[tag], dtype=np.int32), at, value, np.full(len(at), None, dtype=object))
            )
        tag_no, at, number, texts = (np.concatenate(parts) for parts in zip(*columns, strict=True))
        order = np.argsort(at, kind="stable")
        return self._cut(ids, tag_no[order], at[order], number[order], texts[order], until)

    def changes(self) -> list[tuple[str, float, float | str]]:
        """(tag id, seconds from the start, value) of every register that changed since the last time.

        A register that changed several times at one moment shows the last value only, as a real one would.
        """
        last: dict[tuple[str, float], float | str] = {}
        for at, path, key, value in self.site.recorder.take():
            tag = self._registers.get((path, key))
            if tag is not None:
                last[tag.id, at] = self.wires[tag.id].shown(value)
        return [(tag_id, at, value) for (tag_id, at), value in last.items()]

    def now(self) -> dict[str, float | str]:
        """What every tag shows at this moment."""
        shown: dict[str, float | str] = {}
        for (path, key), tag in self._registers.items():
            shown[tag.id] = self.wires[tag.id].shown(
                self.site.recorder.latest.get((path, key), "" if tag.type == "text" else 0)
            )
        for tag_id, quantity in self.quantities.items():
            shown[tag_id] = self.wires[tag_id].shown(quantity.now())
        return shown

    def _minutes(self, wire: Wire, quantity: Quantity, until: float) -> tuple[Values, Values]:
        minutes = np.arange(0.0, until + 1e-6, MINUTE)
        at, value = quantity.at(minutes)
        value = wire.shown_all(value)
        changed = np.ones(len(value), dtype=bool)
        changed[1:] = value[1:] != value[:-1]
        return at[changed], value[changed]

    def _cut(self, ids: tuple[str, ...], tag: Any, at: Any, number: Any, text: Any, until: float) -> Iterator[Batch]:
        epoch = self.site.start.timestamp()
        marks = np.searchsorted(at, np.arange(BATCH, until + BATCH, BATCH), side="left")
        first = 0
        for last in [*marks[:-1].tolist(), len(at)]:
            part = slice(first, last)
            micros = np.round((at[part] + epoch) * 1e6).astype(np.int64)
            words = {i: str(w) for i, w in enumerate(text[part].tolist()) if w is not None}
            yield Batch(ids, tag[part], micros, number[part], words)
            first = last
