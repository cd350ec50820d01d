"""What changed: the difference between two periods, lines, shifts, crews or products, split exactly over what differs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from mom.blocks import Block
from mom.changed.gather import Only
from mom.changed.lines import Changed, Chosen, what_changed
from mom.changed.shown import as_json
from mom.changed.waterfall import waterfall
from mom.facts import Machine
from mom.people.policy import need_crew
from tools.scope import Scope, Where, lines_of, scope
from tools.shown import table
from tools.tool import Context, Result, tool

SURE = {True: "yes", False: "no", None: ""}


@tool(doing="Splitting the difference")
async def compare_what_changed(
    context: Context,
    start: Annotated[datetime, Field(description="Start of the period that is looked at (side a).")],
    end: datetime,
    against_start: Annotated[
        datetime | None, Field(description="Period it is held against (side b); none: the same.")
    ] = None,
    against_end: datetime | None = None,
    equipment: Where = None,
    against_equipment: Annotated[
        str | None, Field(description="Another line to hold it against; none: the same.")
    ] = None,
    shift: str | None = None,
    against_shift: str | None = None,
    crew: str | None = None,
    against_crew: str | None = None,
    product: str | None = None,
    against_product: str | None = None,
    measure: Annotated[
        Literal["output", "oee", "money"] | None, Field(description="None: output, or OEE where planned times differ.")
    ] = None,
) -> Result:
    """Why one period, line, shift, crew or product did better or worse than another: the difference of output, OEE or money split exactly
    over planned time, stops by machine and reason, change-overs, product mix, speed and scrap. Says when it may be chance. Use it
    after, or instead of, the other `compare_` tools whenever somebody asks why."""
    a = await scope(context, equipment, start, end)
    b = await scope(context, against_equipment or equipment, against_start or start, against_end or end)
    for named in filter(None, (crew, against_crew)):
        await need_crew(context.read, a.layout, named, a.window, b.window)
    only = (
        Only(shift or "", crew or "", product or ""),
        Only(against_shift or shift or "", against_crew or crew or "", against_product or product or ""),
    )
    found: list[dict[str, Any]] = []
    blocks: list[Block] = []
    for line in [a.machine] if a.machine else lines_of(a.layout):
        other = b.machine if against_equipment and b.machine else line
        names = _names(a, b, line, other, only)
        sides = Chosen(line.path, a.window, names[0], only[0]), Chosen(other.path, b.window, names[1], only[1])
        changed = await what_changed(context.read, a.layout, *sides, context.now, measure)
        found.append(as_json(changed))
        blocks += _blocks(changed, found[-1], line, a)
    return Result({"a": a.label, "b": b.label, "lines": found, "source": a.query("stops")}, tuple(blocks), a.about)


def _blocks(changed: Changed, told: dict[str, Any], line: Machine, asked: Scope) -> list[Block]:
    if changed.compared is None or not told["parts"]:
        return []
    names = changed.after.name, changed.before.name
    title = f"{line.name}: what changed, {names[0]} against {names[1]}"
    chart = waterfall(title, changed.compared, changed.units, *names, asked.query("stops"))
    columns = [
        ("what", "What", ""),
        ("told", "Part", ""),
        ("sure", "More than chance", ""),
        ("inside", "Most of it", ""),
    ]
    rows = [{**part, "sure": SURE[part["more_than_chance"]]} for part in told["parts"]]
    return [chart, table(f"{line.name}: what changed", columns, rows, source=asked.query("losses"))]


def _names(a: Scope, b: Scope, line: Machine, other: Machine, only: tuple[Only, Only]) -> tuple[str, str]:
    """How the sides are called: by what differs between them."""
    if other.path != line.path:
        return line.name, other.name
    if only[0].shift != only[1].shift:
        return f"in the {only[0].shift} shift", f"in the {only[1].shift} shift"
    if only[0].crew != only[1].crew:
        return f"with crew {only[0].crew}", f"with crew {only[1].crew}"
    if only[0].product != only[1].product:
        return f"with {only[0].product}", f"with {only[1].product}"
    same = a.label.partition(",")[0] == b.label.partition(",")[0]
    return _when(a.label, same), _when(b.label, same)


def _when(label: str, whole: bool) -> str:
    """A time inside a sentence: `in the late shift`, `from Mon 16 Nov 00:00 to 06:10`, `on Monday 16 November`, `this week`.
    `whole`: with its dates, where the name alone tells no difference."""
    name, _, dates = label.partition(", ")
    more = f" ({dates})" if whole and dates else ""
    if name.endswith("shift"):
        return f"in the {name}{more}"
    if " to " in name:
        return f"from {name}"
    return f"on {name}{more}" if name[:1].isupper() else f"{name}{more}"
