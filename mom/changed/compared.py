"""Two sides of a line compared: the difference, its parts as a tree, and whether it is noise."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from mom.changed.gather import ShiftSide
from mom.changed.noise import Spread, spread
from mom.changed.side import Lost, Made, Side, Spoilt, Stratum, Worth, value_of
from mom.changed.split import Part, split
from mom.history.classes import TimeClass

Measure = Literal["output", "oee", "money"]
Group = tuple[str, str]
"""What a reader takes as one thing: ("machine", path), ("class", of lost time), ("pace", "") …"""
LINE_WIDE = frozenset({TimeClass.set_up, TimeClass.idle, TimeClass.waiting})
"""Classes that are told of the line, not of a machine."""
ENOUGH = 0.25
"""A shift of which less of the usual length was planned and seen says nothing of the ups and downs."""
BY_CHANCE = ("machine", "class", "pace", "quality")
SURE_OF_ONE = 0.99
"""Many parts are looked at: one of them has to be surer than the whole."""


def group_of(part: Part) -> Group:
    if part.factor != "lost":
        return part.factor, ""
    return ("class", part.kind) if part.kind in LINE_WIDE else ("machine", part.equipment)


@dataclass(frozen=True, slots=True)
class Node:
    """A part with what it is made of. `level` names what `name` is: factor, equipment (path), kind, reason, product, crew."""

    level: str
    name: str
    value: float
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """`parts` add up to `after - before`. Output in pieces, OEE as a share, money in the plant's currency.

    `spread`: of the same measure a shift-hour (OEE: a shift), from which `noise` is told.
    """

    measure: Measure
    before: float
    after: float
    parts: tuple[Part, ...]
    spread: Spread
    hours: tuple[float, float]  # planned and seen, of each side
    spreads: Mapping[Group, Spread] = field(
        default_factory=dict
    )  # of what goes up and down by chance: lost time, pace, scrap

    @property
    def difference(self) -> float:
        return self.after - self.before

    def tree(self, order: Sequence[str] = ("equipment", "kind", "reason")) -> list[Node]:
        """The parts, the largest first; lost time is drilled down by `order`."""
        return tree(self.parts, order)


def compare(
    before: Sequence[ShiftSide],
    after: Sequence[ShiftSide],
    measure: Measure,
    worth: Mapping[str, Worth],
    *,
    crews: bool,
) -> Compared:
    """`worth`: of one piece by product, for money (margin, material). `crews`: tell them apart (only where they are groups
    that may be shown)."""
    sides = [_side(shifts, measure, crews) for shifts in (before, after)]
    prices: Mapping[str, Worth] = worth if measure == "money" else {}
    one, two = (_told(shifts, side, measure, prices) for shifts, side in zip((before, after), sides, strict=True))
    parts = split(sides[0], sides[1], prices)
    long = [_long(shifts) for shifts in (before, after)]
    rates = [[_rate(shift, measure, prices) for shift in shifts] for shifts in long]
    whole = spread(rates[0], rates[1])
    hours = tuple(sum(s.stratum.planned for s in shifts) / 3600 for shifts in (before, after))
    groups = [group for group in dict.fromkeys(map(group_of, parts)) if group[0] in BY_CHANCE]
    spreads = {group: _spread_of(group, long[0], long[1]) for group in groups}
    return Compared(measure, one, two, tuple(parts), whole, (hours[0], hours[1]), spreads)


def _long(shifts: Sequence[ShiftSide]) -> list[ShiftSide]:
    usual = median([shift.stratum.planned for shift in shifts]) if shifts else 0.0
    return [shift for shift in shifts if shift.stratum.planned > ENOUGH * usual]


def _spread_of(group: Group, before: Sequence[ShiftSide], after: Sequence[ShiftSide]) -> Spread:
    told = [[value for s in shifts if (value := _figure(group, s)) is not None] for shifts in (before, after)]
    return spread(told[0], told[1], sure=SURE_OF_ONE)


def _figure(group: Group, shift: ShiftSide) -> float | None:
    """One figure a shift of what a group is about: effectiveness, share spoilt, share of planned time lost."""
    made = shift.stratum.made.values()
    if group[0] == "pace":
        seconds = sum(one.seconds for one in made)
        return sum(shift.ideal.values()) / seconds if seconds else None
    if group[0] == "quality":
        amount = sum(one.amount for one in made)
        return sum(sum(one.spoilt.values()) for one in made) / amount if amount > 0 else None
    return sum(lost for key, lost in shift.stratum.lost.items() if _lost_group(key) == group) / shift.stratum.planned


def _lost_group(key: Lost) -> Group:
    return ("class", key.kind) if key.kind in LINE_WIDE else ("machine", key.equipment)


def tree(parts: Iterable[Part], order: Sequence[str] = ("equipment", "kind", "reason")) -> list[Node]:
    """Each node's children add up to it; a level at which nothing differs by name is left out."""
    levels: dict[str, Sequence[str]] = {
        "planned": (),
        "crew": ("crew",),
        "lost": order,
        "mix": ("product",),
        "pace": ("product",),
        "quality": ("equipment", "reason"),
        "uncounted": ("product",),
    }
    found = [
        Node("factor", factor, sum(p.value for p in some), _drill(some, levels[factor]))
        for factor, some in _grouped(parts, lambda part: part.factor).items()
    ]
    return _sorted(found)


def _drill(parts: Sequence[Part], levels: Sequence[str]) -> tuple[Node, ...]:
    if not levels:
        return ()
    level, *rest = levels
    groups = _grouped(parts, lambda part: str(getattr(part, level)))
    if set(groups) == {""}:
        return _drill(parts, rest)
    return tuple(
        _sorted([Node(level, name, sum(p.value for p in some), _drill(some, rest)) for name, some in groups.items()])
    )


def _grouped(parts: Iterable[Part], key: Callable[[Part], str]) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        groups[key(part)].append(part)
    return groups


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (-abs(node.value), node.name))


def _side(shifts: Sequence[ShiftSide], measure: Measure, crews: bool) -> Side:
    """The shifts added up, by crew where that is wanted; for OEE, of one second of planned time."""
    groups: dict[str, list[Stratum]] = defaultdict(list)
    scale, each = _ideal_scale(shifts) if measure == "oee" else (1.0, 0.0)
    for shift in shifts:
        stratum = _as_ideal(shift, scale, each) if measure == "oee" else shift.stratum
        groups[shift.crew if crews else ""].append(stratum)
    return {crew: _added(some) for crew, some in groups.items()}


def _ideal_scale(shifts: Sequence[ShiftSide]) -> tuple[float, float]:
    """(1 / planned seconds, ideal seconds of the mean piece): the standard's quality ratio counts every piece alike."""
    planned = sum(shift.stratum.planned for shift in shifts)
    ideal = sum(sum(shift.ideal.values()) for shift in shifts)
    pieces = sum(made.amount for shift in shifts for made in shift.stratum.made.values())
    return 1 / planned if planned else 0.0, ideal / pieces if pieces else 0.0


def _as_ideal(shift: ShiftSide, scale: float, each: float) -> Stratum:
    """Pieces turned into time at their ideal rate, in shares of the planned time; a spoilt one into `each` seconds."""
    stratum = shift.stratum
    made = {
        name: Made(
            one.seconds * scale,
            shift.ideal.get(name, 0.0) * scale,
            {key: pieces * each * scale for key, pieces in one.spoilt.items()},
        )
        for name, one in stratum.made.items()
    }
    lost = {key: seconds * scale for key, seconds in stratum.lost.items()}
    return Stratum(stratum.planned * scale, lost, made)


def _added(strata: Sequence[Stratum]) -> Stratum:
    lost: dict[Lost, float] = defaultdict(float)
    made: dict[str, list[Made]] = defaultdict(list)
    for stratum in strata:
        for key, seconds in stratum.lost.items():
            lost[key] += seconds
        for product, one in stratum.made.items():
            made[product].append(one)
    return Stratum(sum(s.planned for s in strata), dict(lost), {p: _sum(some) for p, some in made.items()})


def _sum(some: Sequence[Made]) -> Made:
    spoilt: dict[Spoilt, float] = defaultdict(float)
    for one in some:
        for key, pieces in one.spoilt.items():
            spoilt[key] += pieces
    return Made(sum(one.seconds for one in some), sum(one.amount for one in some), dict(spoilt))


def _told(shifts: Sequence[ShiftSide], side: Side, measure: Measure, worth: Mapping[str, Worth]) -> float:
    return value_of(side, worth) if measure != "oee" else _oee(shifts)


def _oee(shifts: Iterable[ShiftSide]) -> float:
    """PRI x PQ / PBT x GQ / PQ: the standard's, its ratios of sums."""
    listed = list(shifts)
    planned = sum(shift.stratum.planned for shift in listed)
    ideal = sum(sum(shift.ideal.values()) for shift in listed)
    made = [one for shift in listed for one in shift.stratum.made.values()]
    produced = sum(one.amount for one in made)
    good = produced - sum(sum(one.spoilt.values()) for one in made)
    return ideal / planned * good / produced if planned and produced else 0.0


def _rate(shift: ShiftSide, measure: Measure, worth: Mapping[str, Worth]) -> float:
    if measure == "oee":
        return _oee([shift])
    return value_of({"": shift.stratum}, worth) / (shift.stratum.planned / 3600)
