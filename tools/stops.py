"""Stops: when, how long, for which reason."""

from collections import defaultdict
from typing import Any

from mom import words
from mom.blocks import TimelineBlock
from mom.facts import StopSpan
from mom.store.facts import scene_of
from tools.scope import End, Scope, Start, Where, local, scope, told
from tools.shown import lane, table
from tools.tool import Context, Result, tool

MOST = 20
UNCLASSIFIED = "no reason given"


@tool(doing="Looking at the stops")
async def list_stops(
    context: Context, equipment: Where = None, start: Start = None, end: End = None, reason: str | None = None
) -> Result:
    """Stops of a line or machine in a window: the longest first, and how often and how long by reason and machine.

    `reason`: only those whose reason has this word. A stop that is still going on has no end."""
    asked = await scope(context, equipment, start, end)
    paths = asked.inside()
    scene = await scene_of(context.read, asked.layout, asked.window, context.now, only=paths)
    units = [path for path in paths if not asked.layout.units(path)]
    stops = [stop for path in units for stop in scene.facts[path].stops if asked.window.overlap(stop.start, stop.end)]
    if reason:
        stops = [stop for stop in stops if reason.lower() in (stop.reason or UNCLASSIFIED).lower()]
    longest = sorted(stops, key=lambda stop: asked.window.overlap(stop.start, stop.end), reverse=True)[:MOST]
    rows = [_row(context, asked, stop) for stop in longest]
    data = {
        "window": asked.label,
        "count": len(stops),
        "seconds": round(sum(asked.window.overlap(s.start, s.end) for s in stops), 1),
        "by_reason": _by_reason(asked, stops),
        "stops": rows,
        "source": asked.query("stops"),
    }
    lanes = tuple(
        lane(asked.layout.machines[p].name, p, scene.facts[p].states, asked.window, scene.facts[p].minor_stop)
        for p in units
        if scene.facts[p].states
    )
    line = TimelineBlock(title=f"States, {asked.label}", start=asked.window.start, end=asked.window.end, lanes=lanes)
    return Result(data, (_table(asked, rows), *((line,) if lanes else ())), asked.about)


def _row(context: Context, asked: Scope, stop: StopSpan) -> dict[str, Any]:
    return {
        "ref": f"stop:{stop.id}",
        "machine": asked.layout.machines[stop.equipment].name,
        "equipment": stop.equipment,
        "reason": stop.reason or UNCLASSIFIED,
        "reason_by": stop.reason_by,
        "started": told(stop.start, context),
        "started_at": local(stop.start, context),
        "ended_at": None if stop.open else local(stop.end, context),
        "seconds": round(asked.window.overlap(stop.start, stop.end), 1),
        "still": stop.open,
    }


def _by_reason(asked: Scope, stops: list[StopSpan]) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str], list[float]] = defaultdict(list)
    for stop in stops:
        grouped[stop.reason or UNCLASSIFIED, stop.equipment].append(asked.window.overlap(stop.start, stop.end))
    made = [
        {"reason": reason, "machine": asked.layout.machines[path].name, "count": len(s), "seconds": round(sum(s), 1)}
        for (reason, path), s in grouped.items()
    ]
    return sorted(made, key=lambda row: -float(str(row["seconds"])))[:MOST]


def _table(asked: Scope, rows: list[dict[str, Any]]) -> Any:
    shown = [{**row, "lasted": words.duration(row["seconds"]) + (" so far" if row["still"] else "")} for row in rows]
    columns = [("started", "Began", ""), ("machine", "Machine", ""), ("reason", "Reason", ""), ("lasted", "Lasted", "")]
    return table(f"Stops, {asked.label}", columns, shown, source=asked.query("stops"), empty="Nothing stopped.")
