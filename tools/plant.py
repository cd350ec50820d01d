"""What there is: lines, machines, products, shifts; and what words about time mean here."""

from typing import Any

from sqlalchemy import func, select

from mom.models import Equipment, Product, ProductionOrder
from mom.store.plants import Layout, layout_of
from tools.scope import local, moments_of
from tools.tool import Context, Result, tool
from tools.when import current, understand


@tool(doing="Looking up the plant")
async def get_plant(context: Context) -> Result:
    """The plant: its lines with their machines in order, products, shifts and crews, order numbers, and the time there now.

    Use it to learn what things are called before you ask for them."""
    layout = await layout_of(context.read, context.site_id)
    names = await _names(context)
    running = current(moments_of(context, layout))
    return Result(
        {
            "site": layout.site.name,
            "currency": layout.site.currency,
            "zone": layout.site.time_zone,
            "now": local(context.now, context),
            "equipment": [_node(layout, path, names) for path in layout.machines],
            "products": await _products(context),
            "orders": await _orders(context),
            "calendar": layout.plant.calendar.model_dump(mode="json") if layout.plant else None,
            "running": running.label,
        }
    )


@tool(doing="Working out the time")
async def get_window(context: Context, text: str) -> Result:
    """The windows that words about time mean in this plant: "yesterday's late shift", "since 6", "last week", "Monday 8 to 10".

    Returns start and end for the other tools. Several times in one text give several windows."""
    layout = await layout_of(context.read, context.site_id)
    found = understand(text, moments_of(context, layout))
    windows = [
        {"start": local(w.window.start, context), "end": local(w.window.end, context), "label": w.label} for w in found
    ]
    told = "" if windows else f"No time was recognised in {text[:80]!r}."
    return Result({"windows": windows, "note": told})


def _node(layout: Layout, path: str, names: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    machine = layout.machines[path]
    return {
        "equipment": path,
        "name": machine.name,
        "level": machine.level,
        "line": machine.line,
        "constraint": machine.is_constraint,
        **names.get(path, {}),
    }


async def _names(context: Context) -> dict[str, dict[str, list[str]]]:
    """Aliases and maintainable items, by path."""
    rows = await context.read.scalars(select(Equipment).where(Equipment.site_id == context.site_id, Equipment.active))
    return {row.path: {"aliases": [*row.aliases, row.code], "parts": list(row.parts)} for row in rows}


async def _products(context: Context) -> list[dict[str, Any]]:
    rows = await context.read.scalars(
        select(Product)
        .where(Product.site_id == context.site_id, func.upper_inf(Product.recorded))
        .order_by(Product.key)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        names = found.setdefault(row.key, {"product": row.key, "name": row.name, "unit": row.unit, "aliases": []})
        names["aliases"] = sorted({*names["aliases"], *row.aliases})
    return list(found.values())[:200]


async def _orders(context: Context) -> list[str]:
    """Numbers of the orders that are not finished."""
    query = (
        select(ProductionOrder.key)
        .where(
            ProductionOrder.site_id == context.site_id,
            func.upper_inf(ProductionOrder.recorded),
            ProductionOrder.status.not_in(("done", "cancelled")),
        )
        .order_by(ProductionOrder.due_at)
        .limit(200)
    )
    return list(await context.read.scalars(query))
