"""A control chart as a block: points in order of time, their limits, signals marked by shape and colour, events above."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom.blocks import ChartBlock
from mom.quality.chart import TITLES, Chart, Kind, Panel
from mom.quality.charted import Charted
from mom.quality.rules import RULES
from mom.words import number

BEYOND = "a point beyond its limits"
MOST = 180
"""Points shown: the newest."""
LINE, LIMIT, SIGNAL, EVENT = "#56789a", "#8a9099", "#d55e00", "#0072b2"
"""Okabe and Ito's vermilion and blue for what is not normal."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What events are called on a chart: words would lie over each other. Under it they are told."""
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
    since = charted.times[first] if charted.times else None
    marks = [event for event in sorted(events) if since is None or event[0] >= since][-len(LETTERS) :]
    view = _panel(charted, shown(charted.chart), first, zone, marks)
    view["width"] = "container" if width is None else width
    spec: dict[str, Any] = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **view}
    return ChartBlock(title=title, spec=spec, text=f"{told(charted)}{_marked(marks, zone)}", source=source)


def shown(chart: Chart) -> Panel:
    """The panel that matters: the level; of the two sums of a CUSUM the one that is further from zero now."""
    if chart.kind is not Kind.cusum:
        return chart.panels[0]
    return max(chart.panels, key=lambda panel: abs(panel.points[-1].value))


def unit_of(charted: Charted) -> str:
    """A CUSUM adds up sigmas."""
    return "sigmas" if charted.chart and charted.chart.kind is Kind.cusum else charted.unit


def says(kind: Kind, numbers: Iterable[int]) -> list[str]:
    """Signals in words: charts that remember have their limits only."""
    return [BEYOND] if kind in (Kind.ewma, Kind.cusum) else [RULES[n].says for n in numbers]


def told(charted: Charted) -> str:
    """The same in words."""
    chart = charted.chart
    if chart is None:
        return f"No limits yet: {charted.missing}"
    unit = f" {unit_of(charted)}" if unit_of(charted) else ""
    point = shown(chart).points[-1]
    title = TITLES[chart.kind]
    ends = [f"{name} {number(v)}" for name, v in (("low", point.low), ("high", point.high)) if v is not None]
    head = (
        f"{title[:1].upper()}{title[1:]}, {len(charted.times)} points, limits from the first {charted.baseline}: "
        f"centre {number(point.centre)}{unit}, limits {', '.join(ends)}{unit}. Newest {number(point.value)}{unit}."
    )
    if not charted.episodes:
        return f"{head} In control since."
    last = charted.episodes[-1]
    why = "; ".join(says(chart.kind, last.rules))
    if charted.out:
        return f"{head} Out of control now: {why}."
    sure = sum(episode.confirmed is not None for episode in charted.episodes)
    return f"{head} In control now; {len(charted.episodes)} signals before, {sure} of them confirmed; the last: {why}."


def _panel(charted: Charted, panel: Panel, first: int, zone: ZoneInfo, events: Sequence[Event]) -> dict[str, Any]:
    points = list(zip(charted.times, panel.points, strict=True))
    kind = charted.chart.kind if charted.chart else Kind.individuals
    rows = [
        {
            "at": _local(at, zone), "value": p.value, "centre": p.centre, "low": p.low, "high": p.high,
            "signal": "; ".join(says(kind, p.signals)) if p.signals and i >= charted.baseline else "",
        }
        for i, (at, p) in enumerate(points) if i >= first
    ]  # fmt: skip
    axis = {"format": "%-d %b", "tickCount": 8, "labelOverlap": True, "grid": False}
    x = {"field": "at", "type": "temporal", "title": None, "axis": axis}
    y: dict[str, Any] = {"type": "quantitative", "scale": {"zero": False}}
    title = f"{charted.characteristic}{f', {unit_of(charted)}' if unit_of(charted) else ''}"
    layers: list[dict[str, Any]] = [
        _rule(name, x, y, dash) for name, dash in (("centre", []), ("low", [4, 3]), ("high", [4, 3]))
    ]
    tip = [{"field": "at", "type": "temporal", "format": "%d %b %H:%M"}, {"field": "value", "type": "quantitative"}]
    layers += [
        {
            "mark": {"type": "line", "strokeWidth": 1, "color": LINE},
            "encoding": {"x": x, "y": {**y, "field": "value", "title": title}},
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
    layers += _marks(events, x, zone)
    return {"height": 220, "data": {"values": rows}, "layer": layers}


def _marks(events: Sequence[Event], x: dict[str, Any], zone: ZoneInfo) -> list[dict[str, Any]]:
    """A dashed line and a letter for each event."""
    data = {
        "values": [
            {"at": _local(at, zone), "event": words, "letter": letter}
            for letter, (at, words) in zip(LETTERS, events, strict=False)
        ]
    }
    rule = {"type": "rule", "color": EVENT, "strokeWidth": 1.5, "strokeDash": [2, 2]}
    text = {"type": "text", "align": "left", "dx": 3, "y": 8, "fontSize": 12, "fontWeight": "bold"}
    tip, letter = {"field": "event", "type": "nominal"}, {"field": "letter", "type": "nominal"}
    drawn = [
        {"data": data, "mark": rule, "encoding": {"x": x, "tooltip": [tip]}},
        {"data": data, "mark": text, "encoding": {"x": x, "text": letter}},
    ]
    return drawn if events else []


def _marked(events: Sequence[Event], zone: ZoneInfo) -> str:
    """` A: repaired: chuck, 6 Nov 12:10; B: …`"""
    said = [
        f"{letter}: {words}, {at.astimezone(zone).day} {at.astimezone(zone):%b %H:%M}"
        for letter, (at, words) in zip(LETTERS, events, strict=False)
    ]
    return f" {'; '.join(said)}." if said else ""


def _rule(name: str, x: dict[str, Any], y: dict[str, Any], dash: list[int]) -> dict[str, Any]:
    """A limit as steps: it follows the size of the sample."""
    mark = {"type": "line", "interpolate": "step", "color": LIMIT, "strokeWidth": 1, "strokeDash": dash}
    return {"mark": mark, "encoding": {"x": x, "y": {**y, "field": name}}}


def _local(at: datetime, zone: ZoneInfo) -> str:
    """Plant time without its offset, which a page shows as it stands."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
