"""What can be asked of the store: a noun with its table, what it is grouped by and what is measured. A leaf each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TimeSpan = Literal["year", "month", "week", "day", "hour"]
TIME_FORMS: Mapping[TimeSpan, str] = {
    "year": "YYYY",
    "month": "YYYY-MM",
    "week": 'IYYY-"W"IW',
    "day": "YYYY-MM-DD",
    "hour": 'YYYY-MM-DD"T"HH24:00',
}
"""Spans of the site's own time, as `--by` names and rows show them."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows are grouped and chosen by. `join`: it needs this join of the noun. `place`: it names equipment."""

    sql: str
    join: str = ""
    place: bool = False
    also: tuple[str, ...] = ()  # other names for it


@dataclass(frozen=True, slots=True)
class Measure:
    """A number over the rows of a group. `by_place`: how it is taken where single machines are asked for, and
    `joined`: how where a join repeats the rows; a measure that has no such way is then withheld, not wrong."""

    sql: str
    definition: str
    unit: str = ""
    by_place: str = ""
    joined: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noun:
    """`table` is read as `t`, its site as `site`, its machine as `m` (by `equipment`: an id or a path)."""

    name: str
    title: str
    table: str
    measures: Mapping[str, Measure]
    usual: tuple[str, ...]  # the measures when none is named
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    equipment: str = ""  # SQL of the machine's id or path; none: the noun has no machine
    joins: Mapping[str, str] = field(default_factory=dict)
    time: str = ""  # SQL of the time that windows look at
    current: str = "true"  # which rows hold now
    as_of: str = ""  # which rows held then (:as_of); none: the noun cannot tell
    seen_by: Literal["counts", "states", ""] = ""  # what says how much of the window was seen
    site: str = "t.site_id"
    ends: str = ""  # SQL of the end of a row that lasts
    overlaps: bool = False  # a window takes every row that reaches into it, not those that begin in it
    note: str = ""

    def all_dimensions(self) -> dict[str, Dimension]:
        """By every name that may be used."""
        found = dict(PLACES) if self.equipment else {}
        found |= self.dimensions
        found["site"] = Dimension("site.code")
        if self.time:
            for span, form in TIME_FORMS.items():
                found[span] = Dimension(f"to_char(timezone(site.time_zone, {self.time}), '{form}')")
        return found | {other: one for one in list(found.values()) for other in one.also}


PLACES: Mapping[str, Dimension] = {
    "machine": Dimension("m.path", place=True, also=("equipment",)),
    "line": Dimension("m.line", place=True),
}
ROWS = Measure("count(*)", "How many rows there are.", by_place="count(*)")


def superseded_then(table: str) -> str:
    """Rows of the history that held at :as_of: not superseded by then, and not put in another's place since."""
    return (
        "t.started_at <= :as_of AND (t.superseded_at IS NULL OR t.superseded_at > :as_of) AND NOT EXISTS "
        f"(SELECT FROM {table} former WHERE former.superseded_by = t.id AND former.superseded_at > :as_of)"
    )


def record_noun(
    table: str,
    title: str,
    dimensions: Mapping[str, Dimension],
    measures: Mapping[str, Measure],
    usual: tuple[str, ...],
    *,
    name: str,
    equipment: str = "",
    time: str = "",
    joins: Mapping[str, str] | None = None,
) -> Noun:
    """A noun whose rows are versions of another system's records, in `table`."""
    own = {"source": Dimension("t.source"), "key": Dimension("t.key")}
    return Noun(
        name,
        title,
        table,
        {"rows": ROWS, **measures},
        usual,
        own | dict(dimensions),
        equipment=equipment,
        time=time,
        joins=joins or {},
        current="upper_inf(t.recorded)",
        as_of="t.recorded @> CAST(:as_of AS timestamptz)",
    )
