"""Figures of a line or machine: OEE and its parts, and every other KPI that is defined."""

from typing import Annotated

from pydantic import Field

from mom.blocks import FigureBlock
from mom.kpis.asked import scope_named
from mom.kpis.board import elements_of, figures
from tools.scope import End, Start, Where, lines_of, scope
from tools.tool import Context, Result, tool

FIRST = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap_ratio", "mtbf", "mttr")
Product = Annotated[str | None, Field(description="Only while this product was made: id, name or alias.")]
Order = Annotated[str | None, Field(description="Only of this production order, by its number.")]
ShiftName = Annotated[str | None, Field(description="Only in the shifts of this name: early, late, night.")]
Crew = Annotated[str | None, Field(description="Only in this crew's shifts. Never a person.")]


@tool(doing="Working out the figures")
async def get_kpis(
    context: Context,
    equipment: Where = None,
    start: Start = None,
    end: End = None,
    names: list[str] | None = None,
    product: Product = None,
    order: Order = None,
    shift: ShiftName = None,
    crew: Crew = None,
) -> Result:
    """KPIs of a line or machine in a window, each with coverage and definition; one without a value says what is missing
    and which system would give it.

    `names`: only these (oee, nee, mtbf, scrap_ratio, on_time_in_full, first_pass_yield, worker_efficiency, inventory_turns …);
    none: the usual ones; `all`: every one."""
    asked = await scope(context, equipment, start, end)
    named = {"product": product, "order": order, "shift": shift, "crew": crew}
    only = await scope_named(context.read, asked.layout, **named, window=asked.window)
    paths = [asked.machine.path] if asked.machine else [line.path for line in lines_of(asked.layout)]
    wanted = set(names or FIRST)
    currency = asked.layout.site.currency
    found, blocks = [], []
    for path in paths:
        made = await elements_of(context.read, asked.layout, path, asked.window, context.now, only)
        all_of_it = figures(made, path, asked.window, currency)
        chosen = [
            f.as_json() for f in all_of_it if "all" in wanted or f.name in wanted or f.title.lower() in wanted
        ]  # fmt: skip
        found.append({"equipment": path, "name": asked.layout.machines[path].name, "figures": chosen})
        known = ", ".join(f.name for f in all_of_it)
        name = f", {asked.layout.machines[path].name}" if len(paths) > 1 else ""
        blocks += [FigureBlock(figure={**f, "title": f"{f['title']}{name}"}) for f in chosen[:4]]
    told = {} if any(f["figures"] for f in found) else {"note": f"None of these is defined. Known: {known}."}
    label = f"{asked.label}, {only}" if str(only) else asked.label
    return Result({"window": label, "equipment": found, **told}, tuple(blocks), asked.about)
