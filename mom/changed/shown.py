"""A difference as data: the same over the API, on the command line and in a tool's result."""

from typing import Any
from urllib.parse import urlencode

from mom.changed.compared import Compared, Node
from mom.changed.lines import Changed
from mom.changed.words import Item, Units, items

MOST = 12


def as_json(changed: Changed) -> dict[str, Any]:
    """`parts`: what a reader takes in at once, each with the path of its rows; `tree`: all of it. Without figures: `missing`."""
    compared, line = changed.compared, changed.after.line
    head = {"line": changed.units.names.get(line, line), "equipment": line, "told": changed.told}
    if compared is None:
        return {**head, "missing": changed.missing}
    found = items(compared, changed.units)[:MOST]
    return {
        **head,
        "measure": compared.measure,
        "before": compared.before,
        "after": compared.after,
        "difference": compared.difference,
        "noise": compared.spread.noise,
        "interval": [compared.spread.low, compared.spread.high],
        "shifts": list(compared.spread.shifts),
        "hours": [round(hours, 2) for hours in compared.hours],
        "parts": [part_json(item, changed, compared) for item in found],
        "tree": [_node(node) for node in compared.tree()],
    }


def part_json(item: Item, changed: Changed, compared: Compared) -> dict[str, Any]:
    return {
        "what": item.label,
        "value": item.value,
        "told": f"{'+' if item.value > 0 else '-'}{changed.units.told(compared.measure, abs(item.value))}",
        "more_than_chance": item.sure,
        "inside": _inside(item, compared, changed.units) if item.equipment else "",
        "equipment": item.equipment or None,
        "source": _rows(item, changed),
    }


def _rows(item: Item, changed: Changed) -> str:
    """The path under /api/v1 of the rows of the side that is looked at."""
    noun, where = ("stops", item.equipment) if item.equipment else ("counts", changed.after.line)
    window = changed.after.window
    query = {"equipment": where, "from": window.start.isoformat(), "to": window.end.isoformat()}
    return f"/api/v1/rows/{noun}?{urlencode(query)}"


def _inside(item: Item, compared: Compared, units: Units) -> str:
    """The reasons that made most of a machine's part."""
    sums: dict[str, float] = {}
    for part in compared.parts:
        if part.factor == "lost" and part.equipment == item.equipment:
            name = part.reason or part.kind.replace("_", " ")
            sums[name] = sums.get(name, 0.0) + part.value
    top = sorted(sums.items(), key=lambda pair: -abs(pair[1]))[:2]
    return ", ".join(f"{name} {units.told(compared.measure, value)}" for name, value in top)


def _node(node: Node) -> dict[str, Any]:
    children = [_node(child) for child in node.children]
    return {"level": node.level, "name": node.name, "value": node.value, **({"parts": children} if children else {})}
