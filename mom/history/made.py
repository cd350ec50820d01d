"""What the history is made of: derived rows, before they meet the store. Times in microseconds since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Made:
    """A derived span. `end` is None while it lasts; `content` is all else that its row says, by column."""

    start: int
    end: int | None
    content: tuple[tuple[str, Any], ...]

    def __getitem__(self, column: str) -> Any:
        return dict(self.content)[column]


def made(start: int, end: int | None, **content: Any) -> Made:
    return Made(start, end, tuple(content.items()))


@dataclass(frozen=True, slots=True)
class MadeCount:
    """Pieces of one span (mostly a minute) of one machine."""

    start: int
    end: int
    produced: float
    good: float
    scrap: float
    rework: float = 0.0
    product: str | None = None
    order: str | None = None
    shift: str | None = None
    scrap_by: Mapping[str, float] = field(default_factory=dict)
    key: str = ""  # of pieces counted across a gap


@dataclass(frozen=True, slots=True)
class MadeEvent:
    """A counter did what counters should not do, or rolled over."""

    tag: int
    at: int
    kind: str  # reset, rollover, jump
    before: float
    after: float
    bits: int | None = None
