"""Work on machines: what was done, what is open; spare parts and who is there."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import func, or_, select

from mom.models import MaintenanceOrder, Person, SparePart
from tools.plain import untrusted
from tools.scope import Where, local, scope, told
from tools.shown import table
from tools.tool import Context, Result, tool

MOST = 15


@tool(doing="Looking at the repairs")
async def list_maintenance(
    context: Context,
    equipment: Where = None,
    status: Literal["all", "open", "done"] = "all",
    since: Annotated[datetime | None, Field(description="Only what was done or reported since then.")] = None,
    words: str | None = None,
) -> Result:
    """Maintenance orders of a machine or line, the newest first: what was done, when, by whom, what it cost; and what is still open.

    `words`: only orders whose title, part or text has one of these words. For cases that are alike in meaning use `find_similar`."""
    asked = await scope(context, equipment)
    order = func.coalesce(MaintenanceOrder.ended_at, MaintenanceOrder.planned_at, MaintenanceOrder.reported_at)
    query = select(MaintenanceOrder).where(
        MaintenanceOrder.site_id == context.site_id, func.upper_inf(MaintenanceOrder.recorded)
    )
    if asked.machine:
        query = query.where(MaintenanceOrder.equipment.in_(_both(asked.inside())))
    if status != "all":
        done = MaintenanceOrder.status.in_(("done", "cancelled"))
        query = query.where(done if status == "done" else ~done)
    if since:
        query = query.where(order >= since)
    for word in (words or "").split()[:5]:
        like = f"%{word}%"
        columns = (MaintenanceOrder.title, MaintenanceOrder.part, MaintenanceOrder.text, MaintenanceOrder.failure_mode)
        query = query.where(or_(*(column.ilike(like) for column in columns)))
    found = list(
        await context.read.scalars(query.order_by(order.desc().nulls_last(), MaintenanceOrder.id.desc()).limit(50))
    )
    rows = [_row(context, asked.layout.machines, row) for row in found]
    columns_shown = [("when", "When", ""), ("machine", "Machine", ""), ("title", "Work", ""), ("status", "State", "")]
    shown = table("Maintenance", columns_shown, rows[:MOST], empty="No maintenance order is known.")
    return Result({"count": len(found), "orders": rows[:MOST]}, (shown,), asked.place)


@tool(doing="Looking for parts and people")
async def find_resources(context: Context, equipment: Where = None, part: str | None = None) -> Result:
    """Spare parts that fit a machine or maintainable item, with stock, price and lead time; and the technicians by trade."""
    asked = await scope(context, equipment)
    query = select(SparePart).where(SparePart.site_id == context.site_id, func.upper_inf(SparePart.recorded))
    parts = [_part(row) for row in await context.read.scalars(query.order_by(SparePart.key).limit(500))]
    fits = {*_both(asked.inside())} if asked.machine else set()
    wanted = (part or "").lower()
    chosen = [
        row
        for row in parts
        if (not wanted and not fits)
        or (wanted and (wanted in row["name"].lower() or wanted in " ".join(row["fits"]).lower()))
        or fits & set(row["fits"])
    ]
    people = await context.read.scalars(
        select(Person)
        .where(Person.site_id == context.site_id, func.upper_inf(Person.recorded), Person.trade != "operator")
        .order_by(Person.name)
        .limit(30)
    )
    technicians = [{"name": person.name, "trade": person.trade, "crew": person.crew} for person in people]
    return Result({"parts": chosen[:MOST], "technicians": technicians}, (), asked.place)


def _both(paths: list[str]) -> list[str]:
    """Paths with and without the site's code: other systems write either."""
    return [*paths, *(path.partition("/")[2] for path in paths if "/" in path)]


def _row(context: Context, machines: dict[str, Any], row: MaintenanceOrder) -> dict[str, Any]:
    when = row.ended_at or row.started_at or row.planned_at or row.reported_at
    path = next((p for p in machines if p == row.equipment or p.partition("/")[2] == row.equipment), row.equipment)
    return {
        "ref": f"maintenance_order:{row.id}",
        "number": row.key,
        "equipment": path,
        "machine": machines[path].name if path in machines else row.equipment,
        "part": row.part,
        "kind": row.kind,
        "title": row.title,
        "text": untrusted(row.text),
        "failure_mode": row.failure_mode,
        "status": row.status,
        "when": told(when, context),
        "at": local(when, context),
        "technician": row.technician,
        "hours": row.hours,
        "cost": float(row.cost) if row.cost is not None else None,
    }


def _part(row: SparePart) -> dict[str, Any]:
    return {
        "ref": f"spare_part:{row.id}",
        "part": row.key,
        "name": row.name,
        "fits": row.fits,
        "on_hand": row.on_hand,
        "lead_days": row.lead_days,
        "price": float(row.price) if row.price is not None else None,
    }
