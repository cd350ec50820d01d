"""The bottleneck of a line: which machine holds it back, when, and what it would bring to speed one up."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from mom.bottleneck.find import Bottleneck, StageShare
from mom.bottleneck.gather import bottleneck_of, reliefs_of
from mom.bottleneck.relief import Relief
from mom.errors import BadInput
from mom.facts import Machine
from tools.scope import End, Scope, Start, Where, lines_of, scope
from tools.shown import bars, table
from tools.tool import Context, Result, tool

WORTH_SAYING = 0.02
"""Share of the time under which a machine is not named as one that holds the line back."""
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
    constraint = asked.layout.constraint(line.path)
    first = found.first
    data = {
        "equipment": line.path,
        "line": line.name,
        "limit": found.limit or None,
        "bottleneck": _stage(first) if first else None,
        "declared": constraint.name if constraint else None,
        "declared_is_it": constraint is not None and first is not None and constraint.path in first.paths,
        "without_order": round(found.waiting, 4),
        "machines": [_stage(stage) for stage in found.stages if stage.share >= WORTH_SAYING],
        "by_product": _groups(found, found.by_product),
        "by_shift": _groups(found, found.by_shift),
        "relief": [_relief(asked, one) for one in sorted(reliefs, key=lambda one: -one.seconds)],
        "relief_missing": why,
        "coverage": round(found.coverage, 4),
        "missing": list(found.missing),
        "source": f"/api/v1/rows/states?equipment={line.path}&{asked.query('states').partition('&')[2]}",
    }
    return data, _blocks(asked, line, found, data)


def _wanted(asked: Scope, found: Bottleneck) -> Sequence[str]:
    """Machines whose relief is told."""
    if asked.machine and not asked.layout.units(asked.path):
        return [asked.path]
    most = sorted((s for s in found.stages if s.share >= WORTH_SAYING), key=lambda stage: -stage.share)[:MOST]
    return [path for stage in most for path in stage.paths]


def _stage(stage: StageShare) -> dict[str, Any]:
    return {
        "machine": stage.name,
        "equipment": list(stage.paths),
        "share": round(stage.share, 4),
        "alone": round(stage.sole, 4),
        "in_turns": round(stage.shifting, 4),
    }


def _groups(found: Bottleneck, groups: Any) -> list[dict[str, Any]]:
    """For each product or shift the stage that held the line back most."""
    rows = []
    for name, shares in groups.items():
        best = max(range(len(shares)), key=shares.__getitem__)
        rows.append({"name": name, "machine": found.stages[best].name, "share": round(shares[best], 4)})
    return rows


def _relief(asked: Scope, one: Relief) -> dict[str, Any]:
    return {
        "machine": asked.layout.machines[one.path].name,
        "equipment": one.path,
        "units": round(one.units, 1),
        "seconds": round(one.seconds, 1),
        "money": round(float(one.money), 2),
    }


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
