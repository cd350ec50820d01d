"""What people corrected: who said what, of which stretch, and why."""

from typing import Any

from mom.blocks import Column, TableBlock
from mom.store.corrections import as_json, corrections_of
from tools.scope import Where, local, scope
from tools.tool import Context, Result, tool

SHOWN = (("equipment", "Machine"), ("when", "Stretch"), ("said", "Said"), ("by", "By"), ("why", "Why"))


@tool(doing="Looking at what people corrected")
async def list_corrections(context: Context, equipment: Where = None) -> Result:
    """What people corrected of a line or machine (all: none given): stop reasons, classes of time, counts; newest first.

    A withdrawn one holds no more. Figures already count those that hold."""
    asked = await scope(context, equipment)
    path = asked.machine.path if asked.machine else None
    found = await corrections_of(context.read, context.site_id, path)
    rows = [as_json(*one) for one in found]
    table = TableBlock(
        title=f"Corrections, {asked.name}",
        columns=tuple(Column(key=key, title=title) for key, title in SHOWN),
        rows=tuple(
            _row(context, row, one[0].started_at, one[0].ended_at) for row, one in zip(rows, found, strict=True)
        ),
        refs=tuple(row["subject"] for row in rows),
        empty="Nobody has corrected anything.",
    )
    return Result({"count": len(rows), "corrections": rows}, (table,), asked.place)


def _row(context: Context, row: dict[str, Any], start: Any, end: Any) -> dict[str, Any]:
    said = ", ".join(f"{value}" if key != "class" else f"class {value}" for key, value in row["said"].items() if value)
    gone = f" (withdrawn by {row['withdrawn_by']})" if row["withdrawn_at"] else ""
    when = f"{local(start, context)} to {local(end, context)}"
    return {"equipment": row["name"], "when": when, "said": said + gone, "by": row["by"], "why": row["why"]}
