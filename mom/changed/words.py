"""A difference in words: one sentence with what took and what gave most, and whether it may be chance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mom import words
from mom.changed.compared import LINE_WIDE, Compared, Group, group_of
from mom.changed.split import Part
from mom.history.classes import TimeClass

FACTORS = {
    "planned": "planned time",
    "crew": "which crews worked",
    "mix": "the product mix",
    "pace": "speed",
    "quality": "scrap",
    "uncounted": "pieces counted while nothing ran",
}
WIDE = {
    TimeClass.set_up: "change-overs",
    TimeClass.idle: "time without work",
    TimeClass.waiting: "waiting",
}
KINDS = {
    TimeClass.breakdown: "breakdowns",
    TimeClass.minor_stop: "minor stops",
    TimeClass.unclassified: "stops without a reason",
    **WIDE,
}
MOSTLY = 0.7
"""From this share on a machine's part is called by its one reason."""
SAID = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One bar of the waterfall, one clause of the sentence."""

    label: str
    value: float
    equipment: str = ""  # path, where it is a machine's
    sure: bool | None = (
        None  # more than the ordinary ups and downs of shifts; None: nothing that goes up and down by chance
    )


@dataclass(frozen=True, slots=True)
class Units:
    """How the measure is said. `unit`: of pieces; `names`: machines by path."""

    unit: str
    currency: str
    names: Mapping[str, str]

    def told(self, measure: str, value: float) -> str:
        if measure == "money":
            return words.money(round(value), self.currency)
        if measure == "oee":
            return f"{100 * value:.1f} points"
        return words.number(value, 0)

    def told_whole(self, measure: str, value: float) -> str:
        if measure == "oee":
            return words.percent(value)
        return words.quantity(value, self.unit) if measure == "output" else self.told(measure, value)


def items(compared: Compared, units: Units) -> list[Item]:
    """What a reader can take in at once: machines, change-overs, mix, speed, scrap …; they add up to the difference."""
    groups: dict[Group, list[Part]] = defaultdict(list)
    for part in compared.parts:
        groups[group_of(part)].append(part)
    made = [_item(group, some, compared, units) for group, some in groups.items()]
    return sorted(made, key=lambda item: (-abs(item.value), item.label))


def _item(group: Group, some: list[Part], compared: Compared, units: Units) -> Item:
    kind, name = group
    noise = spread.noise if (spread := compared.spreads.get(group)) else None
    value = sum(part.value for part in some)
    return Item(
        _label(some, units, name), value, name if kind == "machine" else "", None if noise is None else not noise
    )


def sentence(compared: Compared, units: Units, name: str, after: str, before: str) -> str:
    """`Line 2 made 1,240 bottles less this week than last week: Capper 2 (cap jam) took 800, change-overs 300; speed gave 120.`"""
    measure, difference = compared.measure, compared.difference
    size = units.told(measure, abs(difference))
    if _same(compared):
        return f"{name}: the same {_noun(measure, units)} {after} as {before} ({units.told_whole(measure, compared.after)})."
    way = "more" if difference > 0 else "less"
    head = {
        "output": f"{name} made {size} {units.unit} {way} {after} than {before}",
        "oee": f"{name}'s OEE was {size} {'higher' if difference > 0 else 'lower'} {after} than {before}",
        "money": f"{name} earned {size} {way} {after} than {before}",
    }[measure]
    found = items(compared, units)
    clauses = _clauses(found, measure, units, difference)
    return f"{head}{f': {clauses}' if clauses else ''}.{chance(compared, found)}"


def chance(compared: Compared, found: Sequence[Item]) -> str:
    """What is added where the difference is noise, or too few shifts tell; and which of its parts is more than chance all the same."""
    if compared.spread.noise is None:
        return " Too few shifts to say whether that is more than chance."
    if not compared.spread.noise:
        return ""
    size = max(abs(compared.difference), max((abs(item.value) for item in found), default=0.0))
    sure = [item.label for item in found if item.sure and abs(item.value) >= size / 20][:SAID]
    besides = f" More than chance: {', '.join(sure)}." if sure else ""
    return f" Shifts go up and down by as much: the whole may be chance.{besides}"


def _clauses(found: list[Item], measure: str, units: Units, difference: float) -> str:
    """The largest with the difference, then what went against it."""
    size = sum(abs(item.value) for item in found)
    with_it = [i for i in found if i.value * difference > 0 and abs(i.value) >= size / 20][:SAID]
    against = [i for i in found if i.value * difference < 0 and abs(i.value) >= size / 10][: SAID - 1]
    verbs = ("took", "gave") if difference < 0 else ("gave", "took")
    said = [_told(some, verb, measure, units) for some, verb in ((with_it, verbs[0]), (against, verbs[1])) if some]
    return "; ".join(said)


def _told(some: list[Item], verb: str, measure: str, units: Units) -> str:
    first, *rest = [(item.label, units.told(measure, abs(item.value))) for item in some]
    return ", ".join([f"{first[0]} {verb} {first[1]}", *(f"{label} {value}" for label, value in rest)])


def _same(compared: Compared) -> bool:
    whole = max(abs(compared.after), abs(compared.before))
    return abs(compared.difference) < (0.0005 if compared.measure == "oee" else max(0.5, whole * 1e-4))


def _noun(measure: str, units: Units) -> str:
    return {"output": f"number of {units.unit}", "oee": "OEE", "money": "earnings"}[measure]


def _label(some: list[Part], units: Units, name: str) -> str:
    first = some[0]
    if first.factor != "lost":
        return FACTORS[first.factor]
    if first.kind in LINE_WIDE:
        return WIDE[TimeClass(first.kind)]
    machine = units.names.get(name, name.rpartition("/")[2])
    why = _mostly(some)
    return f"{machine} ({why})" if why else machine


def _mostly(some: list[Part]) -> str:
    """The reason, else the class, that makes most of a machine's part."""
    whole = sum(abs(part.value) for part in some)
    for told in (lambda part: part.reason, lambda part: KINDS.get(TimeClass(part.kind), "")):
        sums: dict[str, float] = defaultdict(float)
        for part in some:
            sums[told(part)] += part.value
        label, value = max(sums.items(), key=lambda pair: abs(pair[1]))
        if label and abs(value) >= MOSTLY * whole:
            return label
    return ""
