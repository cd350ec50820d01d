"""Figures of a line or machine: OEE and its parts, and every other KPI that is defined."""

from mom.blocks import FigureBlock
from mom.kpis.board import elements_of, figures
from tools.scope import End, Start, Where, lines_of, scope
from tools.tool import Context, Result, tool

FIRST = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap_ratio", "mtbf", "mttr")


@tool(doing="Working out the figures")
async def get_kpis(
    context: Context, equipment: Where = None, start: Start = None, end: End = None, names: list[str] | None = None
) -> Result:
    """KPIs of a line or machine in a window, each with coverage and definition; one without a value says what is missing.

    `names`: only these (oee, availability, effectiveness, quality_ratio, mtbf, mttr, scrap_ratio, throughput …); none: the usual ones."""
    asked = await scope(context, equipment, start, end)
    paths = [asked.machine.path] if asked.machine else [line.path for line in lines_of(asked.layout)]
    wanted = set(names or FIRST)
    found, blocks = [], []
    for path in paths:
        made = await elements_of(context.read, asked.layout, path, asked.window, context.now)
        all_of_it = figures(made, path, asked.window)
        chosen = [f.as_json() for f in all_of_it if f.name in wanted or f.title.lower() in wanted]
        found.append({"equipment": path, "name": asked.layout.machines[path].name, "figures": chosen})
        known = ", ".join(f.name for f in all_of_it)
        blocks += [FigureBlock(figure=f) for f in chosen[:4]]
    told = {} if any(f["figures"] for f in found) else {"note": f"None of these is defined. Known: {known}."}
    return Result({"window": asked.label, "equipment": found, **told}, tuple(blocks), asked.about)
