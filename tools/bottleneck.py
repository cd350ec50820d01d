"""The bottleneck of a line: which machine holds it back, when, and what it would bring to speed one up."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from mom.bottleneck.find import Bottleneck
from mom.bottleneck.gather import bottleneck_of, reliefs_of
from mom.bottleneck.shown import WORTH_SAYING, as_json
from mom.errors import BadInput
from mom.facts import Machine
from tools.scope import End, Scope, Start, Where, lines_of, scope
from tools.shown import bars, table
from tools.tool import Context, Result, tool

MOST = 2
"""Machines whose relief is reckoned where none was asked for: those that held the line back the most."""
USUAL = timedelta(days=3)
"""A shift tells little of what holds a line back."""
Faster = Annotated[float, Field(gt=0, le=100, description="By how many per cent a machine is taken to be faster.")]


@tool(doing="Looking for the bottleneck")
async def find_bottleneck(
    context: Context, equipment: Where = None, start: Start = None, end: End = None, faster: Faster = 5.0
) -> Result:
    """Which machine of a line was its bottleneck in a window, for which share of the time, alone or in turns with others, by product and
    by shift; and what a machine `faster` by so many per cent would have brought in that window (pieces, time of the line, money).

    Where the line stood for want of orders, `limit` is "orders": then no machine would bring anything. Name a machine to be told
    about its relief; else those that held the line back the most are told. Without a window: the last three days."""
    if start is None and end is None:
        start = context.now - USUAL
    asked = await scope(context, equipment, start, end)
    found = [await _line(context, asked, line, faster) for line in _lines(asked)]
    blocks = [block for _, some in found for block in some]
    return Result(
        {"window": asked.label, "faster_percent": faster, "lines": [data for data, _ in found]},
        tuple(blocks),
        asked.about,
    )


def _lines(asked: Scope) -> list[Machine]:
    """Those that the asked equipment works for. Raises BadInput for what is part of none."""
    if asked.machine is None:
        return lines_of(asked.layout)
    lines = [asked.layout.machines[path] for path in asked.layout.lines_of(asked.path)]
    lines = [line for line in lines if asked.layout.units(line.path)]
    if not lines:
        raise BadInput(
            f"{asked.name} is part of no line: a bottleneck is one machine among several.", remedy="Name a line."
        )
    return lines


async def _line(context: Context, asked: Scope, line: Machine, faster: float) -> tuple[dict[str, Any], list[Any]]:
    found, facts = await bottleneck_of(context.read, asked.layout, line.path, asked.window, context.now)
    reliefs, why = reliefs_of(facts, line.path, _wanted(asked, found), faster / 100) if found.limit else ([], "")
    data = as_json(found, asked.layout, reliefs, why)
    data["source"] = f"/api/v1/rows/states?equipment={line.path}&{asked.query('states').partition('&')[2]}"
    return data, _blocks(asked, line, found, data)


def _wanted(asked: Scope, found: Bottleneck) -> Sequence[str]:
    """Machines whose relief is told."""
    if asked.machine and not asked.layout.units(asked.path):
        return [asked.path]
    most = sorted((s for s in found.stages if s.share >= WORTH_SAYING), key=lambda stage: -stage.share)[:MOST]
    return [path for stage in most for path in stage.paths]


def _blocks(asked: Scope, line: Machine, found: Bottleneck, data: dict[str, Any]) -> list[Any]:
    if not found.limit:
        return []
    shares = [(stage.name, 100 * stage.share) for stage in found.stages if stage.share >= WORTH_SAYING]
    first = found.first
    text = f"{first.name} held {line.name} back most of the time." if first else ""
    chart = bars(f"Who held {line.name} back, {asked.label}", shares, "% of the time", text, data["source"])
    columns = [
        ("machine", "Machine", ""),
        ("units", "Pieces", ""),
        ("seconds", "Line time", "s"),
        ("money", "Worth", ""),
    ]
    rows = data["relief"]
    more = table(
        f"{data['line']}: a machine faster by a little", columns, rows, source=data["source"], empty="Not reckoned."
    )
    return [chart, *([more] if rows else [])]
