"""A signal's course as the side sheet draws it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.blocks import ChartBlock
from mom.store.curve import Curve

AXIS = {"format": "%-d %b %H:%M", "tickCount": 5, "labelOverlap": True, "grid": False}
LINE, MARK = "#56789a", "#d55e00"


def signal_chart(
    curve: Curve, zone: ZoneInfo, begun: datetime | None, ended: datetime | None, now: datetime
) -> ChartBlock:
    """A line of means; `begun`: when the loss beside it began, marked; `ended`: None while it lasts."""
    offset, hours = _clock(curve, zone)
    rows = [{"at": _shown(at, offset), "value": value} for at, value in curve.points]
    x = {
        "field": "at",
        "type": "temporal",
        "title": hours,
        "scale": {"type": "utc"},
        "axis": AXIS,
    }
    y = {"field": "value", "type": "quantitative", "title": _title(curve), "scale": {"zero": False}}
    line = {"type": "line", "color": LINE, "strokeWidth": 1.5, "interpolate": "step-after"}
    layers: list[dict[str, Any]] = [{"mark": line, "encoding": {"x": x, "y": y}}]
    if begun is not None and begun >= curve.window.start:
        mark = {"type": "rule", "color": MARK, "strokeWidth": 1.5, "strokeDash": [4, 3]}
        layers.append({"data": {"values": [{"at": _shown(begun, offset)}]}, "mark": mark, "encoding": {"x": x}})
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container", "height": 200, "data": {"values": rows}, "layer": layers,
    }  # fmt: skip
    title = f"{curve.title}, {words.span_of(*_span(curve), now, zone)}"
    return ChartBlock(title=title, spec=spec, text=_told(curve, begun, ended))


def _told(curve: Curve, begun: datetime | None, ended: datetime | None) -> str:
    """The same in words."""
    if not curve.steady:
        return f"{words.number(curve.readings, 0)} readings: it is told when it changes. {_began(begun)}".rstrip()
    said = f"Means of {words.duration(curve.step)}, from {words.number(curve.readings, 0)} readings; while its machine ran, where it ran."
    whole = timedelta(seconds=curve.step)
    sides = (
        [v for at, v in curve.points if begun and at + whole <= begun],
        [v for at, v in curve.points if begun and at >= begun and (ended is None or at + whole <= ended)],
    )
    if not all(sides):
        return said
    before, after = (f"{words.number(sum(side) / len(side))} {curve.unit}".rstrip() for side in sides)
    return f"{said} Before the loss began (dashed line) {before} on average, {'while it lasted' if ended else 'since then'} {after}."


def _began(begun: datetime | None) -> str:
    return "The dashed line: the loss began." if begun else ""


def _title(curve: Curve) -> str:
    return curve.unit or curve.title


def _span(curve: Curve) -> tuple[datetime, datetime]:
    return curve.window.start, curve.window.end


def _clock(curve: Curve, zone: ZoneInfo) -> tuple[timedelta, str | None]:
    """The plant's offset at the window's end; said beside the axis where clocks changed in the window."""
    first, last = (at.astimezone(zone) for at in _span(curve))
    return last.utcoffset() or timedelta(0), f"Clock of {last:%Z}" if first.utcoffset() != last.utcoffset() else None


def _shown(at: datetime, offset: timedelta) -> str:
    """Plant time as if it were UTC, by one offset all along, so that no hour comes twice or is left out: neither where the
    plant's clocks change nor where the browser's do."""
    return (at.astimezone(UTC) + offset).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
