"""Blocks that several tools show: a Pareto as sorted bars, a timeline of states. Specifications are ours, never a model's."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from mom.blocks import Band, ChartBlock, Column, Lane, Mark, TableBlock
from mom.facts import StateSpan, Window

RUNNING = frozenset({"Execute", "Completing", "Starting", "Unholding", "Unsuspending"})
PLANNED = frozenset({"Idle", "Stopped", "Complete", "Resetting"})
LONGEST = 300


def bars(title: str, rows: Sequence[tuple[str, float]], unit: str, text: str, source: str = "") -> ChartBlock:
    """Sorted horizontal bars from zero, directly labelled."""
    sums: dict[str, float] = {}
    for name, value in rows:  # bars of one name would lie over each other
        sums[name] = sums.get(name, 0.0) + value
    values = [{"name": name, "value": round(value, 2)} for name, value in sorted(sums.items(), key=lambda i: -i[1])]
    bar: dict[str, Any] = {"mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.7}}}
    label: dict[str, Any] = {
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {"text": {"field": "value", "type": "quantitative", "format": ",.0f"}},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": 26 * max(len(values), 1),
        "data": {"values": values},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}},
            "x": {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": True}},
        },
        "layer": [bar, label],
    }
    return ChartBlock(title=title, spec=spec, text=text, source=source)


def kind_of(span: StateSpan, minor: timedelta) -> str:
    """A state in one word for the model: run, stop, minor, planned, set_up, starved, blocked, unknown."""
    if span.state == "Unknown":
        return "unknown"
    if span.mode == "set_up":
        return "set_up"
    if span.state in RUNNING:
        return "run"
    if span.detail in ("starved", "blocked"):
        return span.detail
    if span.state in PLANNED:
        return "planned"
    return "minor" if span.end - span.start < minor else "stop"


def lane(name: str, path: str, spans: Iterable[StateSpan], window: Window, minor: timedelta) -> Lane:
    """One machine's band; the shortest states are left out where there are very many."""
    cut = [(span, inside) for span in spans if (inside := window.cut(span.start, span.end))]
    if len(cut) > LONGEST:
        limit = sorted((inside.seconds for _, inside in cut), reverse=True)[LONGEST]
        cut = [(span, inside) for span, inside in cut if inside.seconds > limit]
    bands = tuple(
        Band(
            start=w.start,
            end=w.end,
            kind=_class(kind_of(s, minor)),
            label=_label(s),
            ref=f"state:{s.id}" if s.id else None,
        )
        for s, w in cut
    )
    return Lane(equipment=path, name=name, bands=bands)


def _class(kind: str) -> str:
    """The class of the time model that a timeline draws for a state."""
    return {"run": "production", "planned": "planned_stop", "minor": "minor_stop", "stop": "breakdown"}.get(kind, kind)


def _label(span: StateSpan) -> str:
    return f"{span.state} ({span.detail or span.mode})" if span.detail or span.mode else span.state


def table(
    title: str,
    columns: Sequence[tuple[str, str, str]],
    rows: Sequence[dict[str, Any]],
    *,
    source: str = "",
    empty: str = "",
) -> TableBlock:
    """`columns`: key, title, unit; numeric where the first row has a number. `ref` of a row names what it tells of."""
    keys = [key for key, _, _ in columns]
    numeric = {key for key in keys if rows and all(isinstance(row.get(key), int | float | None) for row in rows)}
    return TableBlock(
        title=title,
        columns=tuple(Column(key=k, title=t, unit=u, numeric=k in numeric) for k, t, u in columns),
        rows=tuple({key: row.get(key) for key in keys} for row in rows),
        refs=tuple(row.get("ref") for row in rows),
        source=source,
        empty=empty,
    )


def marks(rows: Iterable[tuple[Any, str, str | None]]) -> tuple[Mark, ...]:
    return tuple(Mark(at=at, label=label, ref=ref) for at, label, ref in rows)
