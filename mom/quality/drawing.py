"""A control chart as a block: points in order of time, their limits, signals marked by shape and colour, events above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom.blocks import ChartBlock
from mom.quality.chart import TITLES, Panel
from mom.quality.charted import Charted
from mom.quality.rules import RULES
from mom.words import number

MOST = 180
"""Points shown: the newest."""
LINE, LIMIT, SIGNAL, EVENT = "#56789a", "#8a9099", "#d55e00", "#0072b2"
"""Okabe and Ito's vermilion and blue for what is not normal."""
Event = tuple[datetime, str]


def control_block(
    charted: Charted,
    title: str,
    zone: ZoneInfo,
    events: Sequence[Event] = (),
    source: str = "",
    width: int | None = None,
) -> ChartBlock | None:
    """None where the chart has no limits yet. `width`: in pixels, for paper; else as wide as its place."""
    if charted.chart is None:
        return None
    first = max(0, len(charted.times) - MOST)
    view = _panel(charted, charted.chart.panels[0], first, zone, events)
    view["width"] = "container" if width is None else width
    spec: dict[str, Any] = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **view}
    return ChartBlock(title=title, spec=spec, text=told(charted), source=source)


def told(charted: Charted) -> str:
    """The same in words."""
    chart = charted.chart
    if chart is None:
        return f"No limits yet: {charted.missing}"
    unit = f" {charted.unit}" if charted.unit else ""
    point = chart.panels[0].points[-1]
    ends = [f"{name} {number(v)}" for name, v in (("low", point.low), ("high", point.high)) if v is not None]
    head = (
        f"{TITLES[chart.kind].capitalize()}, {len(charted.times)} points, limits from the first {charted.baseline}: "
        f"centre {number(point.centre)}{unit}, limits {', '.join(ends)}{unit}. Newest {number(point.value)}{unit}."
    )
    if not charted.episodes:
        return f"{head} In control since."
    last = charted.episodes[-1]
    says = "; ".join(RULES[n].says for n in last.rules)
    if charted.out:
        return f"{head} Out of control now: {says}."
    sure = sum(episode.confirmed is not None for episode in charted.episodes)
    return f"{head} In control now; {len(charted.episodes)} signals before, {sure} of them confirmed; the last: {says}."


def _panel(charted: Charted, panel: Panel, first: int, zone: ZoneInfo, events: Sequence[Event]) -> dict[str, Any]:
    points = list(zip(charted.times, panel.points, strict=True))
    rows = [
        {
            "at": _local(at, zone), "value": p.value, "centre": p.centre, "low": p.low, "high": p.high,
            "signal": "; ".join(RULES[n].says for n in p.signals) if i >= charted.baseline else "",
        }
        for i, (at, p) in enumerate(points) if i >= first
    ]  # fmt: skip
    begin = charted.times[first] if charted.times else None
    marks = [{"at": _local(at, zone), "event": words} for at, words in events if begin is None or at >= begin]
    x = {"field": "at", "type": "temporal", "title": None}
    y: dict[str, Any] = {"type": "quantitative", "scale": {"zero": False}}
    says = f"{charted.characteristic}{f', {charted.unit}' if charted.unit else ''}"
    layers: list[dict[str, Any]] = [
        _rule(name, x, y, dash) for name, dash in (("centre", []), ("low", [4, 3]), ("high", [4, 3]))
    ]
    tip = [{"field": "at", "type": "temporal", "format": "%d %b %H:%M"}, {"field": "value", "type": "quantitative"}]
    layers += [
        {
            "mark": {"type": "line", "strokeWidth": 1, "color": LINE},
            "encoding": {"x": x, "y": {**y, "field": "value", "title": says}},
        },
        {
            "transform": [{"filter": "datum.signal == ''"}],
            "mark": {"type": "point", "filled": True, "size": 18, "color": LINE},
            "encoding": {"x": x, "y": {**y, "field": "value"}, "tooltip": tip},
        },
        {
            "transform": [{"filter": "datum.signal != ''"}],
            "mark": {"type": "point", "shape": "triangle-up", "filled": True, "size": 60, "color": SIGNAL},
            "encoding": {
                "x": x,
                "y": {**y, "field": "value"},
                "tooltip": [*tip, {"field": "signal", "type": "nominal"}],
            },
        },
    ]
    if marks:
        layers.append({
            "data": {"values": marks}, "mark": {"type": "rule", "color": EVENT, "strokeWidth": 1.5, "strokeDash": [2, 2]},
            "encoding": {"x": x, "tooltip": [{"field": "event", "type": "nominal"}]},
        })  # fmt: skip
        layers.append({
            "data": {"values": marks},
            "mark": {"type": "text", "align": "left", "dx": 3, "y": 8, "fontSize": 11, "color": EVENT},
            "encoding": {"x": x, "text": {"field": "event", "type": "nominal"}},
        })  # fmt: skip
    return {"height": 220, "data": {"values": rows}, "layer": layers}


def _rule(name: str, x: dict[str, Any], y: dict[str, Any], dash: list[int]) -> dict[str, Any]:
    """A limit as steps: it follows the size of the sample."""
    mark = {"type": "line", "interpolate": "step", "color": LIMIT, "strokeWidth": 1, "strokeDash": dash}
    return {"mark": mark, "encoding": {"x": x, "y": {**y, "field": name}}}


def _local(at: datetime, zone: ZoneInfo) -> str:
    """Plant time without its offset, which a page shows as it stands."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
