"""Where orders could go: whole plans, computed, with their differences."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from mom import words
from mom.errors import BadInput
from mom.models import ProductionOrder
from mom.scheduling.events import Breakdown, Event, Hurry, LateMaterial
from tools.scope import Scope, Where, scope
from tools.tool import Context, Result, tool

SECONDS = 3.0


@tool(doing="Trying other plans")
async def get_schedule_options(
    context: Context,
    event: Literal["order_first", "material_late", "line_stands"] = "order_first",
    order: Annotated[str | None, Field(description="The order's number, for order_first and material_late.")] = None,
    line: Where = None,
    until: Annotated[datetime | None, Field(description="When the material is there, or the line runs again.")] = None,
) -> Result:
    """Two plans for what has come up: keep the sequence, or plan anew; each with late orders, hours late, change-over and money, and the
    `moves` that can be proposed as they are. `order_first`: an order should be made first (on `line`, where one is named);
    `material_late`: it cannot begin before `until`; `line_stands`: a line is down until `until`."""
    from mom.scheduling.live import options_now  # the solver takes a second to import

    asked = await scope(context, line)
    wanted = _event(event, order, asked, until)
    found = await options_now(context.read, context.site_id, wanted, context.now, SECONDS)
    data = found.as_json()
    currency = asked.layout.site.currency
    ref = await _ref(context, order)
    for option in data["options"]:
        option["reason"] = data["event"]
        option["told"] = _told(option, currency)
        option["refs"] = [ref] if ref else []
        option["moves"] = option["moves"][:100]
    data["options"].reverse()  # to keep the sequence is the plainer way, and does not do what was asked
    none = "" if any(option["moves"] for option in data["options"]) else "Nothing has to move for that."
    return Result({**data, "currency": currency, "note": none}, (), asked.place)


def _event(event: str, order: str | None, asked: Scope, until: datetime | None) -> Event:
    path = asked.machine.line if asked.machine else None
    if event == "line_stands":
        if path is None or until is None:
            raise BadInput("line_stands needs `line` and `until`.")
        return Breakdown(path, _aware(until, asked))
    if order is None:
        raise BadInput(f"{event} needs `order`: an order's number.")
    if event == "material_late":
        if until is None:
            raise BadInput("material_late needs `until`: when the material is there.")
        return LateMaterial((order,), _aware(until, asked))
    return Hurry(order, path)


def _aware(at: datetime, asked: Scope) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=asked.layout.zone)


def _told(option: dict[str, Any], currency: str) -> str:
    score = option["score"]
    return (
        f"{score['late_orders']:g} orders late by {score['late_hours']:g} h in all, "
        f"{score['set_up_hours']:g} h of change-over, {words.money(score['money'], currency)}; "
        f"{len(option['moves'])} orders move."
    )


async def _ref(context: Context, order: str | None) -> str | None:
    found = await context.read.scalar(
        select(ProductionOrder.id).where(
            ProductionOrder.site_id == context.site_id,
            ProductionOrder.key == order,
            func.upper_inf(ProductionOrder.recorded),
        )
    )
    return f"order:{found}" if found else None
