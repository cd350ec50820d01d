"""The handover of a shift: what was made, what stood, what is open. Put together by code, worded by whoever speaks."""

from typing import Any

from sqlalchemy import func, select

from mom.kpis.board import elements_of, figures
from mom.models import ImprovementTask, MaintenanceOrder, Note
from mom.store.facts import scene_of
from tools.losses import found_in, loss_row
from tools.orders import list_orders
from tools.plain import untrusted
from tools.proposals import waiting_count
from tools.scope import End, Scope, Start, Where, lines_of, local, scope, told
from tools.shown import table
from tools.tool import Context, Result, tool

FIGURES = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap")


@tool(doing="Putting the handover together")
async def get_handover(context: Context, equipment: Where = None, start: Start = None, end: End = None) -> Result:
    """All that the next shift has to know of a shift: pieces and OEE by line, the losses that cost most, what stands now, orders at risk,
    open repairs, waiting proposals, tasks due and the notes that people wrote."""
    asked = await scope(context, equipment, start, end)
    orders = (await list_orders.function(context, only="at_risk")).data
    found = [loss_row(context, asked, loss, name) for loss, name in await found_in(context, asked)]
    losses = sorted(found, key=lambda row: -(row["money"] or 0))[:5]
    data = {
        "window": asked.label,
        "currency": asked.layout.site.currency,
        "shift": _shift(asked),
        "lines": await _lines(context, asked),
        "losses": losses,
        "standing": await _standing(context, asked),
        "orders_at_risk": orders["orders"][:5],
        "open_repairs": await _repairs(context),
        "waiting_proposals": await waiting_count(context),
        "tasks_due": await _tasks(context),
        "notes": await _notes(context, asked),
    }
    columns = [("title", "Loss", ""), ("machine", "Machine", ""), ("seconds", "Seconds", ""), ("money", "Money", "")]
    block = table("Cost most", columns, losses, source=asked.query("losses"), empty="No loss was found.")
    return Result(data, (block,) if losses else (), asked.about)


def _shift(asked: Scope) -> dict[str, Any] | None:
    shifts = asked.layout.shifts(asked.window)
    return {"name": shifts[-1].name, "crew": shifts[-1].crew} if shifts else None


async def _lines(context: Context, asked: Scope) -> list[dict[str, Any]]:
    lines = [asked.machine] if asked.machine else lines_of(asked.layout)
    made = []
    for line in lines:
        elements = await elements_of(context.read, asked.layout, line.path, asked.window, context.now)
        chosen = [f.as_json() for f in figures(elements, line.path, asked.window) if f.name in FIGURES]
        made.append({"equipment": line.path, "line": line.name, "figures": chosen})
    return made


async def _standing(context: Context, asked: Scope) -> list[dict[str, Any]]:
    """Machines that stand at the end of the window."""
    units = [path for path in asked.inside() if not asked.layout.units(path)]
    scene = await scene_of(context.read, asked.layout, asked.window, context.now, only=units)
    return [
        {
            "ref": f"stop:{stop.id}",
            "machine": asked.layout.machines[path].name,
            "reason": stop.reason or "no reason given",
            "since": told(stop.start, context),
        }
        for path in units
        for stop in scene.facts[path].stops
        if stop.open
    ]


async def _repairs(context: Context) -> list[dict[str, Any]]:
    rows = await context.read.scalars(
        select(MaintenanceOrder)
        .where(MaintenanceOrder.site_id == context.site_id, func.upper_inf(MaintenanceOrder.recorded))
        .where(MaintenanceOrder.status.not_in(("done", "cancelled")))
        .order_by(MaintenanceOrder.id.desc())
        .limit(10)
    )
    return [
        {"ref": f"maintenance_order:{r.id}", "title": r.title, "equipment": r.equipment, "status": r.status}
        for r in rows
    ]


async def _tasks(context: Context) -> list[dict[str, Any]]:
    today = context.now.astimezone(context.zone).date()
    rows = await context.read.scalars(
        select(ImprovementTask)
        .where(ImprovementTask.site_id == context.site_id, ImprovementTask.status == "open")
        .where(ImprovementTask.due_on <= today)
        .order_by(ImprovementTask.due_on)
        .limit(10)
    )
    return [{"ref": f"task:{t.id}", "title": t.title, "owner": t.owner, "due_on": t.due_on.isoformat()} for t in rows]


async def _notes(context: Context, asked: Scope) -> list[dict[str, Any]]:
    rows = await context.read.scalars(
        select(Note)
        .where(Note.site_id == context.site_id, Note.at >= asked.window.start, Note.at < asked.window.end)
        .order_by(Note.at.desc())
        .limit(10)
    )
    return [{"ref": f"note:{n.id}", "at": local(n.at, context), "text": untrusted(n.text)} for n in rows]
