"""Crews against standard time, fairly; single persons only where the plant lets the caller see them."""

from datetime import timedelta
from typing import Any

from mom import words
from mom.facts import Window
from mom.people.compare import By, compare
from mom.people.standard import Against
from tools.scope import End, Start, Where, lines_of, scope
from tools.shown import table
from tools.tool import Context, Result, tool

BACK = timedelta(days=28)


@tool(doing="Holding the crews against standard time")
async def compare_crews(
    context: Context, equipment: Where = None, start: Start = None, end: End = None, by: By = "crew"
) -> Result:
    """Crews against standard time with what they were given taken out: product, line, material, practice. `effect`: 0.05
    is 5 % more time than the mean for the same work, with its 90 % interval; `guess` is drawn in towards none. Without a
    start: four weeks. A difference whose interval holds 0 is none. `withheld`: groups of fewer than five people are not
    shown. by="person" is always refused here, in the right words. It tells of the work, never of a cause."""
    asked = await scope(context, equipment, start, end)
    window = asked.window if start else Window(asked.window.end - BACK, asked.window.end)
    lines = [asked.machine.line] if asked.machine else [line.path for line in lines_of(asked.layout)]
    found = await compare(context.read, asked.layout, context.caller, lines, window, context.now, by)
    rows = [_row(one, by) for one in found.rows]
    data: dict[str, Any] = {
        "window": words.span_of(window.start, window.end, context.now, context.zone),
        "name": asked.name,
        "by": by,
        "rows": rows,
        "withheld": [{"name": name, "why": why} for name, why in found.withheld.items()],
        "method": found.method,
        "note": "" if rows else _nothing(by, bool(found.withheld)),
    }
    columns = [("name", by.title(), ""), ("told", "Against the mean", ""), ("work", "Pieces of work", "")]
    shown = table(f"{by.title()}s against standard time", columns, [_told(row) for row in rows])
    return Result(data, (shown,) if rows else (), asked.about)


def _row(one: Against, by: By) -> dict[str, Any]:
    numbers = {name: getattr(one, name) for name in ("plain", "effect", "low", "high", "guess")}
    rounded = {name: None if number is None else round(number, 4) for name, number in numbers.items()}
    name = f"crew {one.group}" if by == "crew" else one.group
    return {"name": name, by: one.group, "work": one.work, "hours": round(one.hours, 1), **rounded,
            "differs": one.differs, "missing": one.missing}  # fmt: skip


def _told(row: dict[str, Any]) -> dict[str, Any]:
    if row["effect"] is None:
        return {**row, "told": f"{words.NOTHING} ({row['missing']})"}
    low, effect, high = (words.percent(row[name]) for name in ("low", "effect", "high"))
    return {**row, "told": f"{effect} ({low} to {high}){'' if row['differs'] else ': no difference that is sure'}"}


def _nothing(by: By, withheld: bool) -> str:
    if by == "person":
        return "No system tells who worked on what: work times with a name would."
    if withheld:
        return "Every crew is too small to be shown, or would tell of one that is."
    return "No crew's shifts with pieces of a known product and standard lie in this window."
