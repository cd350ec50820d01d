"""What a part sees: the papers, and which of them are in the scope."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from mom.facts import Window
from mom.kpis.catalogue import Group
from mom.kpis.scope import Scope
from mom.papers import Papers


class Labelled(Protocol):
    """A paper of a moment that may say of which product and order it is."""

    @property
    def at(self) -> datetime: ...
    @property
    def product(self) -> str | None: ...
    @property
    def order(self) -> str | None: ...


L = TypeVar("L", bound=Labelled)
Found = tuple[dict[str, float], dict[str, str]]
"""(values, missing -> why)"""


@dataclass(frozen=True, slots=True)
class Sight:
    """`windows`: the scope's parts of the window; `shifts`: those of its shift and crew, whatever was made then."""

    papers: Papers
    scope: Scope
    windows: Sequence[Window]
    shifts: Sequence[Window]

    def seconds(self, start: datetime | None, end: datetime | None) -> float:
        """Of [start, end) in the scope; None as an end: until now."""
        if start is None:
            return 0.0
        return sum(window.overlap(start, end or self.papers.now) for window in self.windows)

    def holds(self, at: datetime | None) -> bool:
        """Whether a moment lies in the scope's shifts."""
        return at is not None and any(window.start <= at < window.end for window in self.shifts)

    def of(self, rows: Iterable[L]) -> list[L]:
        """Those in the scope by their moment and label."""
        scope = self.scope
        return [
            row
            for row in rows
            if self.holds(row.at) and scope.product in (None, row.product) and scope.order in (None, row.order)
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """A group of elements. `names`: what it can tell; `rows`: how many papers are behind, of which `noun`."""

    name: str
    group: Group
    names: tuple[str, ...]
    find: Callable[[Sight], Found]
    noun: str
    rows: Callable[[Papers], int]
