"""A signal's course as the side sheet draws it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.blocks import ChartBlock
from mom.store.curve import Curve

AXIS = {"format": "%-d %b %H:%M", "tickCount": 5, "labelOverlap": True, "grid": False}
LINE, MARK = "#56789a", "#d55e00"


def signal_chart(curve: Curve, zone: ZoneInfo, begun: datetime | None, now: datetime) -> ChartBlock:
    """A line of means; `begun`: when the loss beside it began, marked."""
    rows = [{"at": _local(at, zone), "value": value} for at, value in curve.points]
    x = {
        "field": "at",
        "type": "temporal",
        "title": None,
        "axis": AXIS,
    }
    y = {"field": "value", "type": "quantitative", "title": _title(curve), "scale": {"zero": False}}
    line = {"type": "line", "color": LINE, "strokeWidth": 1.5, "interpolate": "step-after"}
    layers: list[dict[str, Any]] = [{"mark": line, "encoding": {"x": x, "y": y}}]
    if begun is not None and begun >= curve.window.start:
        mark = {"type": "rule", "color": MARK, "strokeWidth": 1.5, "strokeDash": [4, 3]}
        layers.append({"data": {"values": [{"at": _local(begun, zone)}]}, "mark": mark, "encoding": {"x": x}})
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container", "height": 200, "data": {"values": rows}, "layer": layers,
    }  # fmt: skip
    return ChartBlock(
        title=f"{curve.title}, {words.span_of(*_span(curve), now, zone)}", spec=spec, text=_told(curve, begun)
    )


def _told(curve: Curve, begun: datetime | None) -> str:
    """The same in words."""
    if not curve.steady:
        return f"{words.number(curve.readings, 0)} readings: it is told when it changes. {_began(begun)}".rstrip()
    said = f"Means of {words.duration(curve.step)}, from {words.number(curve.readings, 0)} readings; while its machine ran, where it ran."
    whole = timedelta(seconds=curve.step)
    sides = (
        [v for at, v in curve.points if begun and at + whole <= begun],
        [v for at, v in curve.points if begun and at >= begun],
    )
    if not all(sides):
        return said
    before, since = (f"{words.number(sum(side) / len(side))} {curve.unit}".rstrip() for side in sides)
    return f"{said} Before the loss began (dashed line) {before} on average, since then {since}."


def _began(begun: datetime | None) -> str:
    return "The dashed line: the loss began." if begun else ""


def _title(curve: Curve) -> str:
    return curve.unit or curve.title


def _span(curve: Curve) -> tuple[datetime, datetime]:
    return curve.window.start, curve.window.end


def _local(at: datetime, zone: ZoneInfo) -> str:
    """Plant time without its offset, which a page shows as it stands."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
