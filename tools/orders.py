"""Orders: what runs, what is due, what is late or at risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select

from mom.models import Count, ProductionOrder, Run, ScheduleEntry
from tools.scope import Scope, Where, lines_of, local, scope, told
from tools.shown import table
from tools.tool import Context, Result, tool

MARGIN = timedelta(hours=4)
PACE = timedelta(hours=8)
MOST = 40
HOW = (
    "A running order ends when its remaining pieces are made at the pace of the last 8 h; an order that waits ends as planned, later "
    "by as much as the running order of its line is behind. At risk: less than 4 h before it is due."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when an order is planned, and what is made of it."""

    equipment_id: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    good: float = 0.0
    running: bool = False


@tool(doing="Looking at the orders")
async def list_orders(
    context: Context,
    equipment: Where = None,
    only: Literal["all", "late", "at_risk", "running"] = "all",
    order: str | None = None,
    product: str | None = None,
) -> Result:
    """Orders that are not finished, with product, quantity, pieces made, due time, planned and expected end, and whether each is late, at
    risk or on time. `only` late or at_risk gives both of those; `order`: one number, finished or not; `product`: its id."""
    asked = await scope(context, equipment)
    orders = await _orders(context, order, product)
    places = await _places(context, [row.key for row in orders])
    lags = await _lags(context, orders, places)
    rows = [_row(context, asked, row, places.get(row.key, Place()), lags) for row in orders]
    if asked.machine:
        rows = [row for row in rows if row["line"] in (asked.layout.machines[asked.machine.line].name, None)]
    wanted = {"all": None, "late": ("late", "at risk"), "at_risk": ("late", "at risk"), "running": None}[only]
    chosen = [row for row in rows if (row["risk"] in wanted if wanted else only != "running" or row["running"])]
    data = {"how": HOW, "count": len(chosen), "open": len(rows), "orders": chosen[:MOST], "only": only}
    columns = [("order", "Order", ""), ("product", "Product", ""), ("line", "Line", ""), ("quantity", "Pieces", "")]
    columns += [("good", "Made", ""), ("due", "Due", ""), ("expected", "Expected", ""), ("risk", "", "")]
    title = "Orders that are late or at risk" if wanted else "Orders"
    return Result(data, (table(title, columns, chosen[:MOST], empty="None."),), asked.place)


async def _orders(context: Context, number: str | None, product: str | None) -> list[ProductionOrder]:
    query = select(ProductionOrder).where(
        ProductionOrder.site_id == context.site_id, func.upper_inf(ProductionOrder.recorded)
    )
    if number:
        query = query.where(ProductionOrder.key == number)
    else:
        query = query.where(ProductionOrder.status.not_in(("done", "cancelled")))
    if product:
        query = query.where(ProductionOrder.product == product)
    return list(await context.read.scalars(query.order_by(ProductionOrder.due_at).limit(200)))


async def _places(context: Context, numbers: list[str]) -> dict[str, Place]:
    """Plan, run and pieces of each order."""
    entries = await context.read.scalars(
        select(ScheduleEntry).where(
            ScheduleEntry.site_id == context.site_id,
            ScheduleEntry.superseded_at.is_(None),
            ScheduleEntry.order.in_(numbers),
        )
    )
    plans = {entry.order: entry for entry in entries}
    runs = await context.read.execute(
        select(Run.order, Run.equipment_id)
        .where(Run.site_id == context.site_id, Run.order.in_(numbers), Run.superseded_at.is_(None))
        .where(Run.ended_at.is_(None))
    )
    running = {row.order: row.equipment_id for row in runs.all()}
    good = await _good(context, numbers, None)
    return {
        number: Place(
            running.get(number) or (plans[number].equipment_id if number in plans else None),
            plans[number].starts_at if number in plans else None,
            plans[number].ends_at if number in plans else None,
            good.get(number, 0.0),
            number in running,
        )
        for number in numbers
    }


async def _good(context: Context, numbers: list[str], since: datetime | None) -> dict[str, float]:
    """Good pieces of each order at the constraint of its line (the machine that made most of it, where none is declared)."""
    query = (
        select(Count.order, Count.equipment_id, func.sum(Count.good))
        .where(Count.site_id == context.site_id, Count.order.in_(numbers))
        .group_by(Count.order, Count.equipment_id)
    )
    if since:
        query = query.where(Count.started_at >= since)
    layout = (await scope(context, None)).layout
    constraints = {machine.id for machine in layout.machines.values() if machine.is_constraint}
    found: dict[str, tuple[bool, float]] = {}
    for number, equipment_id, good in (await context.read.execute(query)).all():
        if number is None:
            continue
        found[number] = max(found.get(number, (False, 0.0)), (equipment_id in constraints, float(good or 0)))
    return {number: best[1] for number, best in found.items()}


async def _lags(
    context: Context, orders: list[ProductionOrder], places: Mapping[str, Place]
) -> dict[str, datetime | None]:
    """When each running order will end at its own pace; None: nothing was made of it lately."""
    running = [order for order in orders if places[order.key].running]
    recent = await _good(context, [order.key for order in running], context.now - PACE)
    ends: dict[str, datetime | None] = {}
    for order in running:
        left, made = order.quantity - places[order.key].good, recent.get(order.key, 0.0)
        ends[order.key] = context.now + PACE * (max(left, 0) / made) if made > 0 else None
    return ends


def _row(
    context: Context, asked: Scope, order: ProductionOrder, place: Place, ends: Mapping[str, datetime | None]
) -> dict[str, Any]:
    line = next((m for m in lines_of(asked.layout) if m.id == place.equipment_id), None)
    line = line or asked.layout.machines.get(order.line or "")
    expected = ends.get(order.key) if place.running else place.ends
    return {
        "ref": f"order:{order.id}",
        "order": order.key,
        "product": order.product,
        "line": line.name if line else None,
        "quantity": order.quantity,
        "good": place.good,
        "running": place.running,
        "status": order.status,
        "customer": order.customer,
        "due": told(order.due_at, context),
        "due_at": local(order.due_at, context),
        "planned_start": told(place.starts, context),
        "planned_end": told(place.ends, context),
        "expected": told(expected, context),
        "expected_at": local(expected, context),
        "material": f"there from {told(order.release_at, context)}"
        if order.release_at and order.release_at > context.now
        else None,
        **_risk(context, order, expected),
    }


def _risk(context: Context, order: ProductionOrder, expected: datetime | None) -> dict[str, Any]:
    if order.status in ("done", "cancelled"):
        return {"risk": order.status}
    if order.due_at is None:
        return {"risk": "no due time"}
    if order.due_at < context.now:
        return {"risk": "late", "late_seconds": (context.now - order.due_at).total_seconds()}
    if expected is None:
        return {"risk": "not planned"}
    if expected > order.due_at:
        return {"risk": "late", "late_seconds": (expected - order.due_at).total_seconds()}
    return {"risk": "at risk" if expected > order.due_at - MARGIN else "on time"}
