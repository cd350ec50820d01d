"""Scrap: how much, for which reason, where."""

from collections import defaultdict
from typing import Any, Literal

from mom import words
from mom.store.facts import scene_of
from tools.scope import End, Scope, Start, Where, scope
from tools.shown import bars, table
from tools.tool import Context, Result, tool

By = Literal["reason", "machine", "product", "shift"]


@tool(doing="Adding up the scrap")
async def get_scrap(
    context: Context,
    equipment: Where = None,
    start: Start = None,
    end: End = None,
    by: By = "reason",
    product: str | None = None,
) -> Result:
    """Scrapped pieces of a line or machine in a window, by reason, machine, product or shift, most first.

    `product`: only of this product (its id). Material cost is given where the product has one."""
    asked = await scope(context, equipment, start, end)
    rows, produced = await _rows(context, asked, by, product)
    total = sum(row["scrap"] for row in rows)
    unit = "pcs"
    for row in rows:
        row["share"] = round(row["scrap"] / total, 4) if total else None
    data = {
        "window": asked.label,
        "by": by,
        "unit": unit,
        "scrap_total": total,
        "money_total": round(sum(row["money"] for row in rows), 2),
        "produced": produced,
        "scrap_ratio": round(total / produced, 6) if produced else None,
        "rows": rows,
        "source": asked.query("counts"),
    }
    top = f"{rows[0]['name']}: {words.quantity(rows[0]['scrap'], unit)}" if rows else "No scrap was counted."
    chart = bars(
        f"Scrap by {by}, {asked.label}", [(r["name"], r["scrap"]) for r in rows[:12]], "pieces", top, data["source"]
    )
    columns = [("name", by.title(), ""), ("scrap", "Pieces", ""), ("money", "Material", "")]
    shown = table(f"Scrap by {by}", columns, rows, source=data["source"], empty="No scrap was counted.")
    return Result(data, (chart,) if rows else (shown,), asked.about)


async def _rows(context: Context, asked: Scope, by: By, product: str | None) -> tuple[list[dict[str, Any]], float]:
    """Sums by what was asked, most first; and the pieces that entered the lines."""
    units = [path for path in asked.inside() if not asked.layout.units(path)]
    scene = await scene_of(context.read, asked.layout, asked.window, context.now, only=units)
    pieces: dict[str, float] = defaultdict(float)
    money: dict[str, float] = defaultdict(float)
    made: dict[str, float] = defaultdict(float)
    for path in units:
        facts = scene.facts[path]
        for count in facts.counts:
            if product and count.product != product:
                continue
            made[path] += count.produced
            known = facts.products.get(count.product or "")
            for reason, quantity in (count.scrap_by or ({"no reason": count.scrap} if count.scrap else {})).items():
                name = {
                    "reason": reason,
                    "machine": facts.machine.name,
                    "product": known.name if known else count.product or "no product",
                    "shift": count.shift or "no shift",
                }[by]
                pieces[name] += quantity
                money[name] += quantity * float(known.material_cost) if known else 0.0
    rows = [{"name": n, by: n, "scrap": round(q, 1), "money": round(money[n], 2)} for n, q in pieces.items() if q]
    return sorted(rows, key=lambda row: -float(row["scrap"])), _entered(asked, made)


def _entered(asked: Scope, made: dict[str, float]) -> float:
    """Pieces that entered each line: what scrap is held against."""
    by_line: dict[str, float] = defaultdict(float)
    for path, pieces in made.items():
        line = asked.layout.machines[path].line
        by_line[line] = max(by_line[line], pieces)
    return sum(by_line.values())
