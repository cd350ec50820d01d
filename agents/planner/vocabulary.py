"""The plant's own words, as `get_plant` tells them: what its equipment, products, orders and shifts are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom.plant.schema import Calendar
from tools.moments import Moments

_SPELLINGS = (
    ("palletizer", "palletiser"),
    ("labeler", "labeller"),
    ("depalletizer", "depalletiser"),
    ("centre", "center"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name. `kind`: equipment, product, order, part, crew."""

    kind: str
    key: str  # path, product id, order number
    name: str
    line: str = ""  # of a machine: its line's path
    level: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """`names`: each way to say it, in small letters, to what it can mean."""

    moments: Moments
    currency: str
    names: Mapping[str, tuple[Named, ...]]
    equipment: Mapping[str, Named] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # path -> maintainable items
    site: str = ""

    @property
    def lines(self) -> list[Named]:
        units = {node.line for node in self.equipment.values() if node.line != node.key}
        return [node for node in self.equipment.values() if node.key in units]

    def words(self) -> set[str]:
        """Every single word of the names: what a typing error can be measured against."""
        return {word for name in self.names for word in re.findall(r"[a-z]{3,}", name)}


def vocabulary(plant: Mapping[str, Any]) -> Vocabulary:
    """From what `get_plant` returned."""
    calendar = Calendar.model_validate(plant["calendar"]) if plant.get("calendar") else None
    moments = Moments(datetime.fromisoformat(plant["now"]), ZoneInfo(plant["zone"]), calendar)
    nodes = {
        n["equipment"]: Named("equipment", n["equipment"], n["name"], n["line"], n["level"]) for n in plant["equipment"]
    }
    names: dict[str, list[Named]] = {}
    for node in plant["equipment"]:
        for text in (node["equipment"], node["equipment"].partition("/")[2], node["name"], *node["aliases"]):
            _add(names, text, nodes[node["equipment"]])
        for part in node["parts"]:
            _add(names, part, Named("part", part, part, node["line"]))
    for product in plant["products"]:
        found = Named("product", product["product"], product["name"])
        for text in (product["product"], product["name"], _without_size(product["name"]), *product["aliases"]):
            _add(names, text, found)
    for order in plant["orders"]:
        _add(names, order, Named("order", order, order))
    for crew in calendar.rotation.crews if calendar and calendar.rotation else ():
        _add(names, f"crew {crew}", Named("crew", crew, f"crew {crew}"))
    parts = {node["equipment"]: tuple(node["parts"]) for node in plant["equipment"]}
    return Vocabulary(
        moments, plant["currency"], {k: tuple(v) for k, v in names.items() if k}, nodes, parts, plant["site"]
    )


def spelled(text: str) -> str:
    """Small letters, one spelling, plain signs."""
    low = text.lower().replace("’", "'").replace("‑", "-").replace("–", "-")
    low = re.sub(r"\b(yesterday|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b(?=.*\w)", r"\1's", low)
    for other, ours in _SPELLINGS:
        low = low.replace(other, ours)
    return re.sub(r"\s+", " ", low).strip()


def _add(names: dict[str, list[Named]], text: str, named: Named) -> None:
    entry = names.setdefault(spelled(text), [])
    if named not in entry:
        entry.append(named)


def _without_size(name: str) -> str:
    """`Iced tea` of `Iced tea 1.0 l`."""
    return re.sub(r"\s+[\d.,]+\s*(?:l|ml|kg|g|cl)?$", "", name, flags=re.IGNORECASE)
