"""The waterfall: how the parts of a difference add up to it, from zero. One specification for page, answer and report."""

from typing import Any

from mom.blocks import ChartBlock
from mom.changed.compared import Compared
from mom.changed.words import Item, Units, items

MOST = 8
ENDS, MINUS, PLUS = "#6b7280", "#d55e00", "#009e73"
"""Grey for what was and is; the colours of Okabe and Ito for less and more: told apart by the sign beside them too."""


def waterfall(
    title: str, compared: Compared, units: Units, after: str, before: str, source: str = "", width: int | None = None
) -> ChartBlock:
    """A bar for each part, then the whole difference; the small parts are one bar. `width` in px; None: what the page has."""
    rows = _rows(compared, units)
    height = 26 * len(rows)
    low, high = min(row["from"] for row in rows), max(row["to"] for row in rows)
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width or "container",
        "height": height,
        "data": {"values": rows},
        "config": {"view": {"stroke": None}, "axis": {"grid": False}},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}}
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.7}},
                "encoding": {
                    "x": {
                        "field": "from",
                        "type": "quantitative",
                        "title": _axis(compared, units),
                        "scale": {"domain": _domain(low, high), "nice": False, "clamp": True},
                    },
                    "x2": {"field": "to"},
                    "color": {
                        "field": "way",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": ["whole", "less", "more"], "range": [ENDS, MINUS, PLUS]},
                    },
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {
                    "x": {"field": "to", "type": "quantitative"},
                    "text": {"field": "told", "type": "nominal"},
                },
            },
        ],
    }
    sides = [units.told_whole(compared.measure, value) for value in (compared.before, compared.after)]
    text = f"{before}: {sides[0]}; {after}: {sides[1]}; " + "; ".join(f"{row['name']} {row['told']}" for row in rows)
    return ChartBlock(title=title, spec=spec, text=text, source=source)


def _rows(compared: Compared, units: Units) -> list[dict[str, Any]]:
    scale = 100.0 if compared.measure == "oee" else 1.0
    rows, at = [], 0.0
    for item in _few(items(compared, units)):
        to = at + item.value * scale
        rows.append(_bar(item.label, at, to, "more" if item.value > 0 else "less", compared, units, item.value))
        at = to
    whole = compared.difference
    return [*rows, _bar("in all", 0.0, whole * scale, "whole", compared, units, whole)]


def _bar(
    name: str, start: float, end: float, way: str, compared: Compared, units: Units, value: float
) -> dict[str, Any]:
    told = f"{'+' if value > 0 else '-'}{units.told(compared.measure, abs(value))}"
    return {"name": name, "from": min(start, end), "to": max(start, end), "way": way, "told": told}


def _few(found: list[Item]) -> list[Item]:
    if len(found) <= MOST:
        return found
    rest = found[MOST - 1 :]
    return [*found[: MOST - 1], Item(f"{len(rest)} others", sum(item.value for item in rest))]


def _domain(low: float, high: float) -> list[float]:
    """Zero is in it; room for the words at the right."""
    return [min(0.0, low), high + 0.25 * (high - low or 1.0)]


def _axis(compared: Compared, units: Units) -> str:
    return {"output": units.unit, "oee": "points of OEE", "money": units.currency}[compared.measure]
