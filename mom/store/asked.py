"""A question to the store, checked against what its noun declares: no text from outside becomes SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from functools import cache

import mom.store.nouns
from mom.discover import discover
from mom.errors import BadInput, NotFound
from mom.store.noun import Dimension, Measure, Noun

UNTOLD = "NULL"
"""What stands for a measure that has no right way for a question."""


@cache
def known_nouns() -> dict[str, Noun]:
    return discover(mom.store.nouns, Noun)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. Times without a zone are in the time of each row's site."""

    noun: Noun
    where: Mapping[str, tuple[str, ...]]
    by: tuple[str, ...]
    measures: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    as_of: datetime | None = None
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    cut: tuple[bool, bool] = (False, False)  # whether its start, its end was asked for, or is only the first, last row

    @property
    def named(self) -> list[Dimension]:
        """The dimensions that it groups or chooses by."""
        return [self.dimensions[name] for name in (*self.by, *self.where)]

    @property
    def by_place(self) -> bool:
        """Whether single machines are asked for."""
        return any(self.dimensions[name].sql == "m.path" for name in (*self.by, *self.where))

    @property
    def join(self) -> str:
        return next((one.join for one in self.named if one.join), "")

    def measure_sql(self, name: str) -> str:
        """UNTOLD where the measure has no way that is right for this question."""
        one = self.noun.measures[name]
        if self.join:
            place = one.joined.get(f"{self.join} by place") if self.by_place else None
            return "count(*)" if name == "rows" else place or one.joined.get(self.join, UNTOLD)
        if self.by_place and one.by_place:
            return one.by_place
        return _each_line(one.sql) if any(dimension.sql == "m.line" for dimension in self.named) else one.sql


def asked(
    noun: str,
    *,
    where: Mapping[str, Sequence[str]] | None = None,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    as_of: datetime | None = None,
) -> Asked:
    """Raises NotFound (noun), BadInput (a name that it does not have, a window that ends before it begins)."""
    found = known_nouns().get(noun)
    if found is None:
        raise NotFound(f"There is no noun {noun!r}.", remedy=_hint(noun, known_nouns()))
    dimensions = found.all_dimensions()
    for name in (*by, *(where or {})):
        if name not in dimensions:
            raise BadInput(f"{noun} have no {name!r} to group or choose by.", remedy=_hint(name, dimensions))
    for name in measures:
        if name not in found.measures:
            raise BadInput(f"{noun} have no measure {name!r}.", remedy=_hint(name, found.measures))
    if start and end and (start.tzinfo is None) == (end.tzinfo is None) and end <= start:
        raise BadInput(f"The window ends ({end:%Y-%m-%d %H:%M}) before it begins ({start:%Y-%m-%d %H:%M}).")
    if (start or end) and not found.time:
        raise BadInput(f"{noun} have no time to choose by.", remedy="Leave --from and --to out.")
    if as_of and not found.as_of:
        kept = ", ".join(sorted(name for name, one in known_nouns().items() if one.as_of))
        raise BadInput(
            f"{noun} cannot tell what was known before: their rows are made anew in place when something comes late.",
            remedy=f"Leave --as-of out. What keeps its versions: {kept}.",
        )
    chosen = {name: tuple(values) for name, values in (where or {}).items()}
    unique, cut = tuple(dict.fromkeys(by)), (start is not None, end is not None)
    return Asked(found, chosen, unique, tuple(measures) or found.usual, start, end, as_of, dimensions, cut)


def _hint(name: str, known: Mapping[str, Noun | Dimension | Measure]) -> str:
    close = get_close_matches(name, known, 1)
    start = f"Did you mean {close[0]}? " if close else ""
    return f"{start}There are {', '.join(sorted(known))}."


def _each_line(sql: str) -> str:
    """Lines told one by one: what other lines feed has its own pieces then, and nothing is counted twice."""
    return sql.replace("m.counts_for_line", "m.counts_here").replace("m.behind", "m.behind_here")
