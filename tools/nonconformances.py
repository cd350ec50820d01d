"""What was found not to be right, and the lots that it may touch."""

from typing import Annotated, Any

from pydantic import Field

from mom import words
from mom.models import Nonconformance
from mom.quality.extent import extent_of
from mom.quality.touched import Touched, touched
from mom.store.plants import Layout, layout_of
from mom.store.quality import nonconformance_of, nonconformances_of
from tools.quality import MONTH, machine_name
from tools.scope import End, Start, Where, local, scope, window_of
from tools.scope import told as when
from tools.shown import table
from tools.tool import About, Context, Result, tool


@tool(doing="Looking for nonconformances")
async def list_nonconformances(
    context: Context, equipment: Where = None, start: Start = None, end: End = None
) -> Result:
    """Nonconformances, the newest first: opened by a control chart's signal or written by the laboratory. `ref` goes to
    list_touched_lots. Without a start: the last 30 days."""
    asked = await scope(context, equipment, start or context.now - MONTH, end)
    found = [
        row
        for row in await nonconformances_of(context.read, context.site_id)
        if asked.window.start <= row.at < asked.window.end
        and f"{_whole(asked.layout, row)}/".startswith(f"{asked.path}/")
    ]
    rows = [
        {
            "ref": f"nonconformance:{row.id}",
            "text": row.text,
            "machine": machine_name(asked.layout, _whole(asked.layout, row)),
            "equipment": row.equipment,
            "product": row.product,
            "lot": row.lot,
            "status": row.status,
            "at": when(row.at, context),
            "at_iso": local(row.at, context),
            "by": "control chart" if row.source == "lineside" else row.source,
        }
        for row in found
    ]
    columns = [
        ("at", "When", ""),
        ("machine", "Machine", ""),
        ("text", "What", ""),
        ("status", "State", ""),
        ("by", "By", ""),
    ]
    block = table("Nonconformances", columns, rows, source=asked.query("nonconformances"), empty="None is on record.")
    return Result({"window": asked.label, "count": len(rows), "nonconformances": rows[:12]}, (block,), asked.about)


@tool(doing="Tracing the lots")
async def list_touched_lots(
    context: Context,
    nonconformance: Annotated[str | None, Field(description="Its ref, `nonconformance:7`; none: the newest.")] = None,
) -> Result:
    """Which lots a nonconformance may touch: orders made between the last result that was in control and its end, with pieces,
    and the lots of material that were on the line's machines meanwhile. To block or sort them is a person's to decide."""
    number = (nonconformance or "").rpartition(":")[2].strip()
    newest = [] if number else await nonconformances_of(context.read, context.site_id, 1)
    if not number and not newest:
        return Result({"note": "No nonconformance is on record."})
    row = (
        newest[0]
        if newest
        else await nonconformance_of(context.read, context.site_id, int(number) if number.isdigit() else 0)
    )
    layout = await layout_of(context.read, context.site_id)
    window, over = await extent_of(context.read, layout, row, context.now)
    path = _whole(layout, row)
    found = await touched(context.read, layout, path, window, context.now)
    orders, material = _lots(context, layout, found)
    _, label = window_of(context, layout, window.start, window.end)
    data = {
        "ref": f"nonconformance:{row.id}",
        "text": row.text,
        "machine": machine_name(layout, path),
        "over": over,
        "window": label,
        "from": when(window.start, context),
        "to": when(window.end, context),
        "pieces": round(found.good),
        "orders": orders,
        "material": material,
    }
    made = table("Made since it was last in control",
                 [("order", "Order", ""), ("product", "Product", ""), ("from", "From", ""), ("to", "To", ""), ("good", "Good", "pcs")],
                 orders, empty="Nothing was made.")  # fmt: skip
    used = table("Material on the line meanwhile",
                 [("lot", "Lot", ""), ("material", "Material", ""), ("machine", "Machine", ""), ("from", "From", ""), ("status", "State", "")],
                 material, empty="No move of material is on record.")  # fmt: skip
    return Result(data, (made, used), About(path, machine_name(layout, path), window.start, window.end, label))


def _lots(context: Context, layout: Layout, found: Touched) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    orders = [
        {
            "order": order.order or words.NOTHING, "product": order.product, "from": when(order.start, context),
            "to": when(order.end, context), "good": round(order.good or 0.0), "ref": f"run:{order.run}",
        }
        for order in found.orders
    ]  # fmt: skip
    material = [
        {
            "lot": lot.lot, "material": lot.material, "machine": machine_name(layout, lot.equipment), "here": lot.here,
            "from": when(lot.since, context), "status": lot.status, "supplier": lot.supplier, "ref": f"stock_move:{lot.move}",
        }
        for lot in found.material
    ]  # fmt: skip
    return orders, material


def _whole(layout: Layout, row: Nonconformance) -> str:
    name = row.equipment or ""
    return name if not name or name in layout.machines else f"{layout.site.code}/{name}"
