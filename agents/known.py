"""The numbers that the tools returned, each with its unit and the row of a list that it stands in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.numerals import numerals

Unit = Literal["seconds", "share", "money", "number"]
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?")
_VALUE_KEYS = {"value", "before", "after", "difference", "low", "high", "baseline", "target", "a", "b"}
_NAMING = (
    "name",
    "title",
    "reason",
    "equipment",
    "line",
    "machine",
    "shift",
    "crew",
    "product",
    "order",
    "state",
    "label",
    "rule",
)
_FACTORS = {
    "s": 1.0,
    "seconds": 1.0,
    "min": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hours": 3600.0,
    "d": 86400.0,
    "days": 86400.0,
}
_SHARES = {"ratio", "share", "coverage", "near", "1"}
_MONEY = {"eur", "usd", "gbp", "chf", "€", "$", "£", "money", "cost", "price", "margin"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: its own names, and those of its neighbours."""

    names: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float
    unit: Unit
    item: Item | None = None


@dataclass
class Known:
    """All that a run's tools said, ready to be looked up."""

    quantities: list[Quantity] = field(default_factory=list)
    times: set[str] = field(default_factory=set)  # 14:02
    texts: list[str] = field(default_factory=list)  # every string, in small letters

    def add(self, data: Any) -> None:
        self._walk(data, "", "", None)

    def said(self, text: str) -> bool:
        """Whether these very words stand in what a tool returned."""
        pattern = re.compile(rf"(?<![\w.,]){re.escape(text.lower())}(?![\w]|[.,]\d)")
        return any(pattern.search(known) for known in self.texts)

    def names(self, text: str) -> bool:
        """Whether a tool returned exactly this: an order's number."""
        return text.lower() in self.texts

    def _walk(self, value: Any, key: str, unit: str, item: Item | None) -> None:
        if isinstance(value, dict):
            own = str(value.get("unit") or "")
            for name, inner in value.items():
                self._walk(inner, str(name), own if name in _VALUE_KEYS else "", item)
        elif isinstance(value, list):
            self.quantities.append(Quantity(len(value), "number", item))
            for inner, place in zip(value, _items(value, item), strict=True):
                self._walk(inner, key, unit, place)
        elif isinstance(value, str):
            self._text(value)
            if key == "answer":
                self._answered(value, item)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.quantities.append(_quantity(float(value), key, unit, item))

    def _answered(self, text: str, item: Item | None) -> None:
        """The numbers of what another agent answered: they were checked when it spoke."""
        units: dict[str, Unit] = {"duration": "seconds", "share": "share", "money": "money", "number": "number"}
        for found in numerals(text):
            if found.kind in units:
                self.quantities.append(Quantity(found.value, units[found.kind], item))

    def _text(self, value: str) -> None:
        self.texts.append(value.lower())
        for year, month, day, hour, minute, second in _ISO.findall(value):
            self.texts.append(f"{int(day)} {MONTHS[int(month) - 1]} {year}" if 1 <= int(month) <= 12 else "")
            self.texts.append(f"{year}-{month}-{day}")
            if hour:
                self.times |= {f"{hour}:{minute}", f"{int(hour)}:{minute}", f"{hour}:{minute}:{second}"}
        self.times |= set(re.findall(r"(?<![\d:])\d{1,2}:\d{2}(?!:?\d)", value))


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _quantity(value: float, key: str, unit: str, item: Item | None) -> Quantity:
    """What a number measures, by its unit or by the words of its key: `money_total`, `late_seconds`."""
    words = {unit.lower()} if unit else set(key.lower().split("_"))
    factor = next((size for word, size in _FACTORS.items() if word in words), None)
    if factor is not None:
        return Quantity(value * factor, "seconds", item)
    if words & _SHARES:
        return Quantity(value, "share", item)
    if words & {"%", "percent"}:
        return Quantity(value / 100, "share", item)
    return Quantity(value, "money" if words & _MONEY else "number", item)


def _items(values: list[Any], outer: Item | None) -> Iterable[Item | None]:
    """Each item's own names against its neighbours'; names that all share tell nothing."""
    names = [frozenset(_names(value)) for value in values]
    if len(values) < 2 or not any(names):
        return [outer] * len(values)
    shared = frozenset.intersection(*names)
    every = frozenset().union(*names)
    return [Item(own - shared, every - own) if own - shared else outer for own in names]


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key in _NAMING:
            text = value.get(key)
            if isinstance(text, str) and 2 < len(text) < 60 and not _ISO.match(text):
                yield text.lower()
                if "/" in text:
                    yield text.lower().rpartition("/")[2]
