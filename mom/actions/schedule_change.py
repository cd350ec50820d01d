"""Move orders: other times or another line for orders that have not begun."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Action, Approved, CostLine, Done, Payload, Plan, Short, When
from mom.actions.setting import Setting
from mom.errors import BadInput, Conflict
from mom.models import Equipment, Loss, ProductionOrder, ScheduleEntry
from mom.store.equipment import find_equipment

DAY = timedelta(days=1)
MOVABLE = ("planned", "released")


class Move(Payload):
    """One order's new place."""

    order: Short = Field(description="The order's number.")
    line: Short = Field(description="The line's path: line-1.")
    starts_at: When = Field(description="When it begins, set-up included, with zone.")
    ends_at: When = Field(description="When its last piece is made, with zone.")


class Change(Payload):
    """Change the schedule: move orders to other times or another line, as a schedule option says, unchanged.

    A person who did not ask for it has to approve.
    """

    title: Short = Field(description="A verb first: 'Move order 4711 before 4708 on line 2'.")
    reason: Short = Field(description="What makes it needed: 'Capper 2 is down until 18:00'.")
    moves: tuple[Move, ...] = Field(min_length=1, max_length=100)


async def plan(session: AsyncSession, setting: Setting, change: Change, loss: Loss | None, now: datetime) -> Plan:
    """Check that each order may be moved and fits; reckon what it makes later or earlier than due."""
    orders = await _orders(session, setting, change)
    lines = {move.line: await find_equipment(session, move.line, setting.site_id) for move in change.moves}
    old = await _entries(session, setting, [move.order for move in change.moves])
    _check_times(change, now)
    await _check_room(session, setting, change, lines)
    before = sum((_late(old[m.order].ends_at, orders[m.order]) for m in change.moves if m.order in old), timedelta())
    after = sum((_late(move.ends_at, orders[move.order]) for move in change.moves), timedelta())
    rate = setting.costs.late_order_day
    costs = (CostLine(f"Moved orders end {_days(after)} late altogether", _money(rate, after)),) if after else ()
    return Plan(
        title=change.title,
        lines=(
            ("Why", change.reason),
            *(
                (f"Order {m.order}", _moved(setting, m, lines[m.line], old.get(m.order), orders[m.order]))
                for m in change.moves
            ),
        ),
        costs=costs,
        facts={"was": {order: _place(entry) for order, entry in old.items()}},
        equipment_id=lines[change.moves[0].line].id,
        not_after=min(move.starts_at for move in change.moves),
        do_nothing=(
            f"The schedule stays. By its planned times these orders are late by {_days(before)} altogether; "
            "what upset it is not in that figure."
        ),
    )


async def execute(session: AsyncSession, setting: Setting, approved: Approved) -> Done:
    """Put the orders in their new places; refused when one has begun or was moved since, or its time has come."""
    change: Change = approved.payload
    _check_times(change, approved.now)
    await _orders(session, setting, change)
    old = await _entries(session, setting, [move.order for move in change.moves])
    if {order: _place(entry) for order, entry in old.items()} != approved.facts["was"]:
        raise Conflict("The schedule has changed since this was proposed.", remedy="Ask for it again.")
    lines = {move.line: await find_equipment(session, move.line, setting.site_id) for move in change.moves}
    await _check_room(session, setting, change, lines)
    stays = update(ScheduleEntry).where(ScheduleEntry.id.in_([entry.id for entry in old.values()]))
    await session.execute(stays.values(superseded_at=approved.now))
    for move in change.moves:
        place = {"starts_at": move.starts_at, "ends_at": move.ends_at, "equipment_id": lines[move.line].id}
        name = f"proposal:{approved.proposal_id}"
        session.add(
            ScheduleEntry(site_id=setting.site_id, plan=name, order=move.order, created_at=approved.now, **place)
        )
    await session.flush()
    words = f"{len(change.moves)} {'order' if len(change.moves) == 1 else 'orders'} moved."
    return Done(f"schedule:proposal:{approved.proposal_id}", words, _message(approved, change, lines))


def _message(approved: Approved, change: Change, lines: dict[str, Equipment]) -> dict[str, Any]:
    return {
        "proposal": approved.proposal_id,
        "key": f"lineside-proposal-{approved.proposal_id}",
        "reason": change.reason,
        "moves": [
            {
                "order": move.order,
                "line": lines[move.line].path,
                "starts_at": move.starts_at.isoformat(),
                "ends_at": move.ends_at.isoformat(),
            }
            for move in change.moves
        ],
        "approved_by": approved.approved_by,
        "approved_at": approved.now.isoformat(),
    }


async def _orders(session: AsyncSession, setting: Setting, change: Change) -> dict[str, ProductionOrder]:
    """The orders that are moved; refused when one is unknown, has begun, or stands twice."""
    wanted = [move.order for move in change.moves]
    query = select(ProductionOrder).where(
        ProductionOrder.site_id == setting.site_id,
        ProductionOrder.key.in_(wanted),
        func.upper_inf(ProductionOrder.recorded),
    )
    found = {row.key: row for row in await session.scalars(query)}
    for number in wanted:
        if number not in found:
            raise BadInput(f"order is {number!r}: there is no such order.", remedy="Name one that a tool returned.")
        if found[number].status not in MOVABLE:
            raise BadInput(f"order {number} is {found[number].status}: only orders that have not begun can be moved.")
        if wanted.count(number) > 1:
            raise BadInput(f"order {number} stands in moves twice.", remedy="Give each order one place.")
    return found


async def _entries(session: AsyncSession, setting: Setting, orders: list[str]) -> dict[str, ScheduleEntry]:
    query = select(ScheduleEntry).where(
        ScheduleEntry.site_id == setting.site_id, ScheduleEntry.superseded_at.is_(None), ScheduleEntry.order.in_(orders)
    )
    return {row.order: row for row in await session.scalars(query)}


def _check_times(change: Change, now: datetime) -> None:
    for move in change.moves:
        if move.ends_at <= move.starts_at:
            raise BadInput(f"order {move.order}: ends_at {move.ends_at.isoformat()} is not after starts_at.")
        if move.starts_at <= now:
            raise BadInput(
                f"order {move.order}: starts_at {move.starts_at.isoformat()} is past.", remedy="Ask for new options."
            )


async def _check_room(session: AsyncSession, setting: Setting, change: Change, lines: dict[str, Equipment]) -> None:
    """No two orders on a line at the same time, moved or staying."""
    moved = {move.order for move in change.moves}
    for line in {node.id: node for node in lines.values()}.values():
        query = select(ScheduleEntry).where(
            ScheduleEntry.equipment_id == line.id,
            ScheduleEntry.superseded_at.is_(None),
            ScheduleEntry.order.not_in(moved),
        )
        staying = (await session.scalars(query)).all()
        places = [(m.starts_at, m.ends_at, m.order) for m in change.moves if lines[m.line].id == line.id]
        for start, end, order in places:
            for other in (*((e.starts_at, e.ends_at, e.order) for e in staying), *places):
                if other[2] != order and other[0] < end and start < other[1]:
                    raise BadInput(
                        f"order {order} overlaps order {other[2]} on {line.name}.", remedy="Ask for new options."
                    )


def _late(ends_at: datetime, order: ProductionOrder) -> timedelta:
    return max(timedelta(), ends_at - order.due_at) if order.due_at else timedelta()


def _money(rate: Decimal, late: timedelta) -> Decimal:
    return (rate * Decimal(late / DAY)).quantize(Decimal("0.01"))


def _days(late: timedelta) -> str:
    return f"{late / DAY:.1f} days" if late >= DAY else f"{late / timedelta(hours=1):.1f} h"


def _place(entry: ScheduleEntry) -> str:
    return f"{entry.equipment_id} {int(entry.starts_at.timestamp())} {int(entry.ends_at.timestamp())}"


def _moved(setting: Setting, move: Move, line: Equipment, old: ScheduleEntry | None, order: ProductionOrder) -> str:
    was = f"{setting.local(old.starts_at)} to {setting.local(old.ends_at)}" if old else "not planned"
    due = f", due {setting.local(order.due_at)}" if order.due_at else ""
    return f"{line.name}, {setting.local(move.starts_at)} to {setting.local(move.ends_at)} (was {was}{due})"


schedule_change = Action("schedule_change", "Schedule change", Change, plan, execute, tells="erp", same=("moves",))
