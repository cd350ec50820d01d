"""What a KPI is: a name, a formula, the elements it needs, a plain function of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from mom.figures import MIN_COVERAGE
from mom.kpis.catalogue import Group, group_of

Values = Mapping[str, float]
"""Elements by ISO 22400-2's short names (PBT, APT, PQ, …), seconds and pieces."""


@dataclass(frozen=True, slots=True)
class Elements:
    """What KPIs are made of, of one equipment and window. `missing`: element -> why it cannot be known.

    Added together for several equipment or windows: roll up by summing elements, never by averaging ratios.
    """

    seconds: float  # of calendar time
    seen: float  # seconds of it that were covered
    values: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)  # noun -> how many rows are behind
    notes: tuple[str, ...] = ()
    uncounted: float = 0.0  # seconds of what was seen whose pieces are not known
    heard: Mapping[str, float] = field(
        default_factory=dict
    )  # group of elements -> seconds since its system told anything

    @property
    def coverage(self) -> float:
        return self.seen / self.seconds if self.seconds else 0.0

    @property
    def counted(self) -> float:
        """The coverage of what pieces go into."""
        return max(self.seen - self.uncounted, 0.0) / self.seconds if self.seconds else 0.0

    def __add__(self, other: "Elements") -> "Elements":
        missing = {**self.missing, **other.missing}
        values = {
            name: self.values.get(name, 0.0) + other.values.get(name, 0.0)
            for name in {**self.values, **other.values}
            if name not in missing
        }
        rows = {noun: self.rows.get(noun, 0) + other.rows.get(noun, 0) for noun in {**self.rows, **other.rows}}
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))
        seconds, seen = self.seconds + other.seconds, self.seen + other.seen
        heard = {name: self.heard.get(name, 0.0) + other.heard.get(name, 0.0) for name in {**self.heard, **other.heard}}
        return Elements(seconds, seen, values, missing, rows, notes, self.uncounted + other.uncounted, heard)

    def without(self, names: Collection[str], why: str) -> "Elements":
        """The same, but that these are not told."""
        values = {name: value for name, value in self.values.items() if name not in names}
        return replace(self, values=values, missing={**self.missing, **dict.fromkeys(names, why)})

    def beside(self, told: "Elements") -> "Elements":
        """The same time, with what other systems told of it."""
        return replace(
            self,
            values={**self.values, **told.values},
            missing={**self.missing, **told.missing},
            rows={**self.rows, **told.rows},
            heard={name: seconds / told.seconds * self.seconds for name, seconds in told.heard.items()},
        )


@dataclass(frozen=True, slots=True)
class Kpi:
    """One definition, read by tools, pages, reports and prompts alike.

    `compute` returns None where the figure is not defined (a division by nothing); `undefined` then says why.
    """

    name: str
    title: str
    unit: str  # "1": a share (0 to 1, more where a standard is beaten), s, h, 1/h, …
    formula: str
    source: str  # where the definition comes from
    needs: tuple[str, ...]
    compute: Callable[[Values], float | None]
    undefined: str = "nothing to divide by in this window"
    noun: str = "states"  # the rows that it is traced to: states, stops, counts
    better: str = "higher"
    group: str = "production"  # production, quality, maintenance, inventory, people, energy
    min_coverage: float = MIN_COVERAGE
    note: Callable[[Values, float], str] = lambda values, value: ""

    @property
    def groups(self) -> frozenset[Group]:
        """What tells its elements: states, counters, the ERP …"""
        return frozenset(group_of(name) for name in self.needs)

    @property
    def definition(self) -> str:
        return f"{self.formula} ({self.source})"


def share(part: float, whole: float) -> float | None:
    """None where there is no whole."""
    return part / whole if whole > 0 else None
