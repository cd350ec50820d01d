"""The readings of a drawn plant's past: with noise and gaps, some of them late, repeated or by a clock that is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.drawn.changes import changes
from simulator.drawn.effects import Effect, Power, Signal, Silence, Still
from simulator.drawn.kinds import kinds
from simulator.drawn.life import Life
from simulator.drawn.signals import moved, noise, readings_of, running, stream
from simulator.drawn.unit import Unit
from simulator.drawn.utilities import UTILITIES
from simulator.packml import EXECUTE

Array = npt.NDArray[np.float64]
COUNTS, SIGNALS, BATCH = 30.0, 60.0, 6 * 3600.0
BAD = 0x808C0000
"""OPC UA: BadSensorFailure."""
BAD_SHARE, REPEATED, LATE = 0.0003, 0.002, 0.006
Row = tuple[str, datetime, float | str, int]
Columns = tuple[int, Array, Array]
"""(number of the tag, seconds from the start, values)"""


@dataclass(frozen=True)
class Batch:
    """Readings as they came, as columns. `tag` points into `tags`."""

    tags: tuple[str, ...]
    tag: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]  # microseconds since 1970, UTC
    number: Array
    status: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tag)

    def rows(self) -> Iterator[Row]:
        columns = (self.tag.tolist(), self.at.tolist(), self.number.tolist(), self.status.tolist())
        for tag, at, number, status in zip(*columns, strict=True):
            yield self.tags[tag], datetime.fromtimestamp(at / 1e6, UTC), number, status


class Readings:
    def __init__(self, life: Life, effects: list[Effect], connectors: list[dict[str, Any]]) -> None:
        self.life, self.effects, self.seed = life, effects, life.layout.seed
        self.end = life.calendar.seconds
        self.ids = tuple(tag["id"] for block in connectors for tag in block["tags"])
        self.source = np.array([i for i, block in enumerate(connectors) for _ in block["tags"]], dtype=np.int32)
        self.connectors = [block["id"] for block in connectors]
        self.number = {tag: i for i, tag in enumerate(self.ids)}
        self.signals: dict[tuple[str, str], list[Signal]] = {}
        for effect in effects:
            if isinstance(effect, Signal):
                self.signals.setdefault((effect.unit, effect.key), []).append(effect)

    def batches(self) -> Iterator[Batch]:
        parts = [*self._changes(), *(part for unit in self.life.units.values() for part in self._counts(unit))]
        parts += [part for unit in self.life.units.values() for part in self._signals(unit)]
        parts += [self._energy(line) for line in self.life.lines]
        parts += list(self._utilities())
        tag = np.concatenate([np.full(len(at), number, dtype=np.int32) for number, at, _ in parts])
        at, value = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
        tag, at, value = self._silenced(tag, at, value)
        order = np.argsort(at, kind="stable")
        yield from self._sent(tag[order], at[order], value[order])

    def true_value(self, path: str, key: str, at: float) -> float:
        """Spreads by which a quantity is truly off, for the laboratory."""
        return float(moved(self.signals.get((path, key), []), np.array([at]), lies=False)[0])

    def _changes(self) -> Iterator[Columns]:
        by_tag: dict[str, list[tuple[float, float]]] = {}
        for tag, at, value in changes(self.life, self.effects):
            by_tag.setdefault(tag, []).append((at, value))
        for tag, rows in by_tag.items():
            columns = np.array(rows, dtype=np.float64)
            yield self.number[tag], columns[:, 0], columns[:, 1]

    def _counts(self, unit: Unit) -> Iterator[Columns]:
        points = np.array(unit.points, dtype=np.float64)
        at = np.arange(stream(self.seed, unit.path, "phase").uniform(0, COUNTS), self.end, COUNTS)
        shown = [np.interp(at, points[:, 0], points[:, i]) for i in range(1, points.shape[1])]
        good = np.floor(self._counted(unit, at, shown[0] - sum(shown[1:])) + 1e-6)
        yield self._changed(f"{unit.path}.good", at, good)
        for index, scrap in enumerate(shown[1:], 1):
            yield self._changed(f"{unit.path}.scrap_{index}", at, np.floor(scrap + 1e-6))

    def _counted(self, unit: Unit, at: Array, good: Array) -> Array:
        """What its counter has counted: not what it made while the counter stood still."""
        for effect in self.effects:
            if isinstance(effect, Still) and effect.unit == unit.path:
                low, high = np.interp([effect.start, effect.end], at, good)
                good = np.where(at < effect.start, good, np.where(at < effect.end, low, good - (high - low)))
        return good

    def _changed(self, tag: str, at: Array, value: Array) -> Columns:
        kept = np.ones(len(value), dtype=bool)
        kept[1:] = value[1:] != value[:-1]
        return self.number[tag], at[kept], value[kept]

    def _signals(self, unit: Unit) -> Iterator[Columns]:
        at = np.arange(stream(self.seed, unit.path, "scan").uniform(0, SIGNALS), self.end, SIGNALS)
        on = running(unit.states, at)
        hour = at / 3600 + 3
        ambient = -np.cos(2 * np.pi * hour / 24)
        for quantity in unit.plan.kind.signals:
            wobble = noise(self.seed, unit.path, quantity.key, len(at))
            mine = self.signals.get((unit.path, quantity.key), [])
            yield self.number[f"{unit.path}.{quantity.key}"], at, readings_of(quantity, mine, at, on, ambient, wobble)

    def _utilities(self) -> Iterator[Columns]:
        """What serves the whole site: the hall's air, compressed air."""
        at = np.arange(0.0, self.end, 2 * SIGNALS)
        ambient = -np.cos(2 * np.pi * (at / 3600 + 3) / 24)
        for path, quantity in UTILITIES:
            wobble = noise(self.seed, path, quantity.key, len(at))
            mine = self.signals.get((path, quantity.key), [])
            yield (
                self.number[f"{path}.{quantity.key}"],
                at,
                readings_of(quantity, mine, at, np.ones(len(at)), ambient, wobble),
            )

    def _energy(self, line: Any) -> Columns:
        at = np.arange(0.0, self.end, SIGNALS)
        total = np.zeros(len(at))
        for unit in line.units:
            ran = _ran(unit, at, self.end)
            total += (unit.plan.runs_kw * ran + unit.plan.stands_kw * (at - ran)) / 3600
            for effect in self.effects:
                if isinstance(effect, Power) and effect.unit == unit.path:
                    total += (
                        effect.more
                        * (
                            _ran(unit, np.clip(at, effect.start, effect.end), self.end)
                            - _ran(unit, np.full(len(at), effect.start), self.end)
                        )
                        / 3600
                    )
        return self._changed(f"{line.plan.path}.energy", at, np.round(total, 2))

    def _silenced(self, tag: Any, at: Array, value: Array) -> tuple[Any, Array, Array]:
        """Without what was never heard; at the end of a silence every tag is read anew."""
        for effect in [*self._missing(), *(effect for effect in self.effects if isinstance(effect, Silence))]:
            here = np.isin(tag, self._tags_of(effect))
            lost = here & (at >= effect.start) & (at < effect.end)
            again = [
                (int(number), effect.end, value[rows[np.argmax(at[rows])]])
                for number in np.unique(tag[lost])
                if len(rows := np.flatnonzero(lost & (tag == number)))
            ]
            keep = ~lost
            tag = np.concatenate([tag[keep], np.array([n for n, _, _ in again], dtype=np.int32)])
            at = np.concatenate([at[keep], np.array([a for _, a, _ in again])])
            value = np.concatenate([value[keep], np.array([v for _, _, v in again])])
        return tag, at, value

    def _missing(self) -> list[Silence]:
        """Some minutes of a few sensors that nobody noticed."""
        draw = stream(self.seed, "missing")
        signals = [tag for tag in self.ids if tag.rpartition(".")[2] in _keys()]
        starts = draw.uniform(0, self.end, 4)
        return [Silence("", at, at + draw.uniform(120, 900), str(draw.choice(signals))) for at in starts.tolist()]

    def _tags_of(self, effect: Silence) -> list[int]:
        if effect.tag:
            return [self.number[effect.tag]]
        return np.flatnonzero(self.source == self.connectors.index(effect.connector)).tolist()

    def _sent(self, tag: Any, at: Array, value: Array) -> Iterator[Batch]:
        """In the order in which it came: each source by its own clock, some of it late or twice."""
        draw = stream(self.seed, "wire")
        off, drift = self._clocks()
        shown = at + off[self.source[tag]] + drift[self.source[tag]] * at
        micros = np.round((shown + self.life.calendar.start.timestamp()) * 1e6).astype(np.int64)
        is_signal = np.array(["." in name and name.rpartition(".")[2] in _keys() for name in self.ids])[tag]
        status = np.where(is_signal & (draw.random(len(tag)) < BAD_SHARE), BAD, 0).astype(np.int64)
        arrives = at + np.where(self._late(at, self.source[tag]), draw.uniform(600, 5400, len(tag)), 0.0)
        twice = np.flatnonzero(draw.random(len(tag)) < REPEATED)
        rows = np.concatenate([np.arange(len(tag)), twice])
        arrives = np.concatenate([arrives, arrives[twice] + draw.uniform(1, 900, len(twice))])
        order = np.argsort(arrives, kind="stable")
        rows, arrives = rows[order], arrives[order]
        marks = np.searchsorted(arrives, np.arange(BATCH, self.end + BATCH, BATCH)).tolist()
        for first, last in zip([0, *marks[:-1]], [*marks[:-1], len(rows)], strict=True):
            part = rows[first:last]
            yield Batch(self.ids, tag[part], micros[part], value[part], status[part])

    def _clocks(self) -> tuple[Array, Array]:
        """Seconds by which each source's clock is off at the start, and runs away; most are right."""
        off, drift = np.zeros(len(self.connectors)), np.zeros(len(self.connectors))
        for i, name in enumerate(self.connectors):
            draw = stream(self.seed, "clock", name)
            if draw.random() < 0.3:
                off[i], drift[i] = draw.uniform(-2, 2), draw.uniform(-1.5, 1.5) / self.end
        return off, drift

    def _late(self, at: Array, source: Any) -> Any:
        """Minutes of a source that were kept somewhere and came later."""
        block = (at // 300).astype(np.int64) * 7919 + source
        late = stream(self.seed, "late").random(100_003) < LATE
        return late[block % 100_003]


def _ran(unit: Unit, at: Array, end: float) -> Array:
    """Seconds that a machine had run by each moment."""
    times = np.array([moment for moment, _ in unit.states] + [end])
    runs = np.array([state == EXECUTE for _, state in unit.states])
    total = np.concatenate([[0.0], np.cumsum(np.diff(times) * runs)])
    ran: Array = np.interp(at, times, total)
    return ran


@cache
def _keys() -> frozenset[str]:
    """Under which keys machines measure."""
    return frozenset(quantity.key for kind in kinds().values() for quantity in kind.signals)
