"""Two periods, the lines, the shifts or the crews beside each other. Sums of elements, never averages of ratios."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from mom import words
from mom.facts import Window
from mom.kpis.board import elements_of, figures
from mom.kpis.kpi import Elements
from mom.people.policy import crews_shown
from tools.losses import by_kind, found_in, loss_row
from tools.scope import End, Scope, Start, Where, lines_of, scope
from tools.shown import bars, table
from tools.tool import Context, Result, tool

NAMES = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap", "scrap_ratio")
LONGEST_SHIFTS = 90


@tool(doing="Comparing two periods")
async def compare_periods(
    context: Context,
    start_a: Annotated[datetime, Field(description="Start of the period that is looked at.")],
    end_a: datetime,
    start_b: Annotated[datetime, Field(description="Start of the period that it is held against.")],
    end_b: datetime,
    equipment: Where = None,
) -> Result:
    """The same figures and losses of a line or machine in two periods, and their differences (a minus b)."""
    a, b = await scope(context, equipment, start_a, end_a), await scope(context, equipment, start_b, end_b)
    sides = [await _side(context, a), await _side(context, b)]
    compared = [_pair(x, y) for x, y in zip(sides[0]["figures"], sides[1]["figures"], strict=True)]
    kinds = _kinds(sides[0]["losses"], sides[1]["losses"])
    hours = round(a.window.seconds / 3600, 2), round(b.window.seconds / 3600, 2)
    data = {"a": a.label, "b": b.label, "name": a.name, "figures": compared, "losses": kinds, "hours": list(hours)}
    if abs(hours[0] - hours[1]) > 0.1:
        data["note"] = "The periods differ in length: compare shares, not sums."
    columns = [("title", "Figure", ""), ("a_told", a.label, ""), ("b_told", b.label, ""), ("change", "Change", "")]
    return Result(data, (table(f"{a.name}, compared", columns, [_told(row) for row in compared]),), a.about)


@tool(doing="Comparing the lines")
async def compare_lines(context: Context, start: Start = None, end: End = None) -> Result:
    """OEE, its parts, pieces and losses of every line in one window, the best OEE first."""
    asked = await scope(context, None, start, end)
    rows = []
    for line in lines_of(asked.layout):
        own = await scope(context, line.path, start, end)
        side = await _side(context, own)
        if any(f["value"] is not None for f in side["figures"]):
            money = round(sum(kind["money"] for kind in side["losses"]), 2)
            rows.append({"line": line.name, "equipment": line.path, "figures": side["figures"], "money": money})
    rows.sort(key=lambda row: -(_value(row, "oee") or 0))
    shown = [(row["line"], 100 * (_value(row, "oee") or 0)) for row in rows]
    chart = bars(f"OEE by line, {asked.label}", shown, "%", "The best line first.")
    return Result({"window": asked.label, "lines": rows}, (chart,) if rows else (), asked.about)


@tool(doing="Comparing the shifts")
async def compare_shifts(
    context: Context,
    equipment: Where = None,
    start: Start = None,
    end: End = None,
    by: Literal["shift", "crew"] = "shift",
) -> Result:
    """OEE, its parts and pieces of a line by shift name or by crew, over a window of at least a few days, the best OEE first.

    A crew is a group: never take its figures for one person's. Differences of a few percent may be chance."""
    asked = await scope(context, equipment, start, end)
    path = asked.path if asked.machine else lines_of(asked.layout)[0].path
    groups: dict[str, list[Elements]] = defaultdict(list)
    shifts = asked.layout.shifts(asked.window)[-LONGEST_SHIFTS:]
    worked = sorted({shift.crew for shift in shifts if shift.crew})
    crews = await crews_shown(context.read, asked.layout, worked, asked.window)
    for shift in shifts:
        cut = asked.window.cut(shift.start, shift.end)
        name = shift.name if by == "shift" else shift.crew
        if cut and name and cut.start < context.now and (by == "shift" or name in crews.groups):
            groups[name].append(await elements_of(context.read, asked.layout, path, cut, context.now))
    rows = [_group(name, parts, path, asked.window) for name, parts in groups.items()]
    rows.sort(key=lambda row: -(_value(row, "oee") or 0))
    shown = [(row["name"], 100 * (_value(row, "oee") or 0)) for row in rows]
    line = asked.layout.machines[path].name
    chart = bars(f"OEE of {line} by {by}, {asked.label}", shown, "%", f"The best {by} first.")
    data: dict[str, Any] = {"window": asked.label, "by": by, "line": line, "equipment": path, "groups": rows}
    if by == "crew" and crews.withheld:
        data["note"] = "; ".join(crews.withheld.values()).capitalize() + "."
    return Result(data, (chart,) if rows else (), asked.about)


async def _side(context: Context, asked: Scope) -> dict[str, Any]:
    paths = [asked.machine.path] if asked.machine else [line.path for line in lines_of(asked.layout)]
    parts = [await elements_of(context.read, asked.layout, path, asked.window, context.now) for path in paths]
    made = figures(sum(parts[1:], parts[0]), asked.path, asked.window)
    losses = [loss_row(context, asked, loss, name) for loss, name in await found_in(context, asked)]
    return {"figures": [f.as_json() for f in made if f.name in NAMES], "losses": by_kind(losses)}


def _pair(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    both = a["value"] is not None and b["value"] is not None
    return {
        "name": a["name"],
        "title": a["title"],
        "unit": a["unit"],
        "a": a["value"],
        "b": b["value"],
        "difference": a["value"] - b["value"] if both else None,
        "missing": [*a["missing"], *b["missing"]],
        "coverage_a": a["coverage"],
        "coverage_b": b["coverage"],
        "definition": a["definition"],
        "sources": [a["source"], b["source"]],
    }


def _kinds(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Losses by kind, side by side, the largest change of money first."""
    first, second = {row["kind"]: row for row in a}, {row["kind"]: row for row in b}
    made = []
    for kind in {**first, **second}:
        x, y = first.get(kind, {}), second.get(kind, {})
        money = round(x.get("money", 0.0) - y.get("money", 0.0), 2)
        title = (x or y)["title"]
        sides = {"a_seconds": x.get("seconds", 0.0), "b_seconds": y.get("seconds", 0.0)}
        sides |= {"a_money": x.get("money", 0.0), "b_money": y.get("money", 0.0)}
        made.append({"kind": kind, "title": title, **sides, "difference_money": money})
    return sorted(made, key=lambda row: -abs(float(str(row["difference_money"]))))


def _group(name: str, parts: list[Elements], path: str, window: Window) -> dict[str, Any]:
    made = figures(sum(parts[1:], parts[0]), path, window)
    return {"name": name, "shifts": len(parts), "figures": [f.as_json() for f in made if f.name in NAMES]}


def _value(row: dict[str, Any], name: str) -> float | None:
    return next((figure["value"] for figure in row["figures"] if figure["name"] == name), None)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    def one(value: float | None, sign: str = "") -> str:
        figure = words.figure({"value": value, "unit": row["unit"], "missing": []})
        return f"{sign if value and value > 0 else ''}{figure}"

    return {
        "title": row["title"],
        "a_told": one(row["a"]),
        "b_told": one(row["b"]),
        "change": one(row["difference"], "+"),
    }
