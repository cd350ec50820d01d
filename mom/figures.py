"""A figure: a number that carries its window, coverage, definition and the rows behind it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MIN_COVERAGE = 0.95
"""Below this share of the window seen, a figure is withheld, unless its definition says otherwise."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: how many rows, and the path under /api/v1 that returns them again."""

    rows: int
    query: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `value` is None when it is withheld; `missing` then says what is missing, in words."""

    name: str
    value: float | None
    unit: str
    from_at: datetime
    to_at: datetime
    coverage: float  # 0 to 1: share of the window that was seen
    definition: str
    source: Source
    missing: tuple[str, ...] = ()
    note: str = ""  # what a reader must know: why performance is above 100 %
    title: str = ""
    more: dict[str, Any] = field(default_factory=dict)  # elements it was made of

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title or self.name,
            "value": self.value,
            "unit": self.unit,
            "from": self.from_at.isoformat(),
            "to": self.to_at.isoformat(),
            "coverage": round(self.coverage, 6),
            "missing": list(self.missing),
            "note": self.note,
            "definition": self.definition,
            "source": {"rows": self.source.rows, "query": self.source.query},
            **({"elements": self.more} if self.more else {}),
        }
