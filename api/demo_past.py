"""The demo plant's past: which one a home has, and how it comes into the store, the way that everything takes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

Reading = tuple[str, datetime, float | str, int]
"""(tag, at, value, status)"""


@dataclass(frozen=True)
class Past:
    """What the home's demo plant has lived through: the same seed, days and end make the same past again."""

    seed: int
    days: int
    ends: datetime
    offered: int | None = None  # readings, once it is loaded

    @classmethod
    def of(cls, home: Path, seed: int, days: int, ends: datetime) -> Self:
        """The one that this home has or began to load; a new one is kept at once, so that it can be continued."""
        path = home / "demo" / "past.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls(**kept | {"ends": datetime.fromisoformat(kept["ends"])})
        return cls(seed, days, ends).keep(home)

    def loaded(self, home: Path, offered: int) -> Self:
        return replace(self, offered=offered).keep(home)

    def keep(self, home: Path) -> Self:
        path = home / "demo" / "past.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self) | {"ends": self.ends.isoformat()}), encoding="utf-8")
        fresh.replace(path)
        return self


class Distinct:
    """Batches of readings on their way; `number` counts each (tag, time) once, as the store keeps it."""

    def __init__(self, batches: Iterable[Iterable[Reading]]) -> None:
        self.number = 0
        self._batches = batches

    def __iter__(self) -> Iterator[list[Reading]]:
        for batch in self._batches:
            rows = list(batch)
            self.number += len({(tag, at) for tag, at, _, _ in rows})
            yield rows
