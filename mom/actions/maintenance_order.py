"""Order work on a machine: a maintenance order in the plant's maintenance system."""

from datetime import datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Action, Approved, CostLine, Done, Payload, Plan, Short, Text, When
from mom.actions.setting import Setting
from mom.errors import BadInput, Conflict
from mom.models import Equipment, Loss, MaintenanceOrder, Person, SparePart
from mom.store.equipment import find_equipment

MINUTES_AN_HOUR = Decimal(60)


class PartNeeded(Payload):
    """A spare part that the work takes."""

    part: Short = Field(description="The spare part's number, as a tool returned it.")
    quantity: int = Field(1, ge=1, le=1000)


class Order(Payload):
    """Order maintenance work on a machine: repair, replacement, adjustment or inspection. A person decides first."""

    title: Short = Field(description="A verb first, without machine and time: 'Replace the capper chuck'.")
    equipment: Short = Field(description="The machine's path, as a tool returned it: line-2/capper.")
    part: Short | None = Field(None, description="The maintainable item that is worked on, such as 'chuck'.")
    kind: Literal["corrective", "preventive", "inspection"] = "corrective"
    text: Text = Field("", description="What is to be done, for the technician, in a few sentences.")
    failure_mode: Short | None = Field(None, description="How the fault was seen: 'low torque, rejects rising'.")
    planned_at: When | None = Field(None, description="When the work begins, with zone; none: as soon as possible.")
    minutes: int = Field(60, ge=5, le=14400, description="How long the work takes.")
    line_stands_minutes: int = Field(
        0, ge=0, le=14400, description="For how long production stands for it; 0 when done in a planned stop."
    )
    technician: Short | None = Field(None, description="The person's name, when one should be asked for.")
    parts: tuple[PartNeeded, ...] = Field((), max_length=20)


async def plan(session: AsyncSession, setting: Setting, order: Order, loss: Loss | None, now: datetime) -> Plan:
    """Check that machine, parts and person exist; reckon labour, parts and the line's standing."""
    machine = await find_equipment(session, order.equipment, setting.site_id)
    _check_time(order, now)
    _check_part(order, machine)
    parts = [await _part(session, setting, needed) for needed in order.parts]
    technician = await _technician(session, setting, order.technician)
    return Plan(
        title=f"{order.title} on {machine.name}, {_time(setting, order)}, {order.minutes} min",
        lines=(
            ("Machine", f"{machine.name} ({machine.path})"),
            *((("Part", order.part),) if order.part else ()),
            ("When", _time(setting, order)),
            ("Takes", f"{order.minutes} min"),
            ("Production stands", f"{order.line_stands_minutes} min" if order.line_stands_minutes else "no"),
            *((("Who", technician),) if technician else ()),
            *(("Spare part", _stock(part, needed)) for part, needed in zip(parts, order.parts, strict=True)),
            *((("What is done", order.text),) if order.text else ()),
        ),
        costs=_costs(setting, order, machine, parts),
        equipment_id=machine.id,
        not_after=order.planned_at,
    )


async def execute(session: AsyncSession, setting: Setting, approved: Approved) -> Done:
    """Write the order; the maintenance system is told, and answers with a number of its own."""
    order: Order = approved.payload
    _check_time(order, approved.now)
    machine = await find_equipment(session, order.equipment, setting.site_id)
    if machine.id != approved.equipment_id:
        raise Conflict(f"{order.equipment} is another machine than the one that was approved.", remedy="Propose again.")
    system = setting.system("cmms")
    row = MaintenanceOrder(
        site_id=setting.site_id,
        source=system.id if system else "lineside",
        key=key_of(approved.proposal_id),
        equipment=machine.path,
        part=order.part,
        kind=order.kind,
        title=order.title,
        text=order.text,
        failure_mode=order.failure_mode,
        status="planned" if order.planned_at else "open",
        reported_at=approved.now,
        planned_at=order.planned_at,
        technician=order.technician,
        proposal_id=approved.proposal_id,
        more={"minutes": order.minutes, "parts": [part.model_dump() for part in order.parts]},
    )
    session.add(row)
    await session.flush()
    words = f"Maintenance order {row.key} written{f', {system.name or system.id} is told' if system else ''}."
    return Done(f"maintenance_order:{row.id}", words, _message(approved, order, machine))


def key_of(proposal_id: int) -> str:
    """The order's number until the maintenance system gives its own."""
    return f"lineside-proposal-{proposal_id}"


def _message(approved: Approved, order: Order, machine: Equipment) -> dict[str, Any]:
    return {
        "proposal": approved.proposal_id,
        "key": key_of(approved.proposal_id),
        "title": order.title,
        "equipment": machine.path,
        "part": order.part,
        "kind": order.kind,
        "text": order.text,
        "failure_mode": order.failure_mode,
        "planned_at": order.planned_at.isoformat() if order.planned_at else None,
        "minutes": order.minutes,
        "technician": order.technician,
        "parts": [part.model_dump() for part in order.parts],
        "approved_by": approved.approved_by,
        "approved_at": approved.now.isoformat(),
    }


def _check_time(order: Order, now: datetime) -> None:
    if order.planned_at is not None and order.planned_at < now - timedelta(minutes=5):
        raise BadInput(f"planned_at is {order.planned_at.isoformat()}: that is past.", remedy="Give a time to come.")


def _check_part(order: Order, machine: Equipment) -> None:
    if order.part and machine.parts and order.part not in machine.parts:
        near = get_close_matches(order.part, machine.parts, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]}?" if near else f"It has: {', '.join(machine.parts)}."
        raise BadInput(f"part is {order.part!r}: {machine.name} has no such part.", remedy=hint)


def _costs(setting: Setting, order: Order, machine: Equipment, parts: list[SparePart]) -> tuple[CostLine, ...]:
    labour = setting.costs.technician_hour * order.minutes / MINUTES_AN_HOUR
    standing = setting.line_hour(machine.path) * order.line_stands_minutes / MINUTES_AN_HOUR
    lines = [CostLine(f"Labour, {order.minutes} min", labour)]
    for part, needed in zip(parts, order.parts, strict=True):
        priced = f"{needed.quantity} x {part.name}" + ("" if part.price is not None else ", price not known")
        lines.append(CostLine(priced, (part.price or Decimal(0)) * needed.quantity))
    if order.line_stands_minutes:
        lines.append(CostLine(f"Line stands, {order.line_stands_minutes} min", standing))
    return tuple(CostLine(line.label, line.amount.quantize(Decimal("0.01"))) for line in lines)


def _time(setting: Setting, order: Order) -> str:
    return setting.local(order.planned_at) if order.planned_at else "as soon as possible"


def _stock(part: SparePart, needed: PartNeeded) -> str:
    lead = f", delivery takes {part.lead_days:g} days" if part.on_hand < needed.quantity and part.lead_days else ""
    return f"{needed.quantity} x {part.name} ({part.key}), {part.on_hand:g} in stock{lead}"


async def _part(session: AsyncSession, setting: Setting, needed: PartNeeded) -> SparePart:
    rows: dict[str, SparePart] = {row.key: row for row in await session.scalars(_current(SparePart, setting.site_id))}
    if needed.part in rows:
        return rows[needed.part]
    near = get_close_matches(needed.part, rows, n=3, cutoff=0.4)
    hint = f"Near: {', '.join(near)}." if near else "Leave it out, or name one that a tool returned."
    raise BadInput(f"part is {needed.part!r}: there is no such spare part.", remedy=hint)


async def _technician(session: AsyncSession, setting: Setting, name: str | None) -> str | None:
    """The person's name; refused when the plant's people are known and nobody is called that."""
    if name is None:
        return None
    people = [row.name for row in await session.scalars(_current(Person, setting.site_id))]
    if people and name not in people:
        near = get_close_matches(name, people, n=3, cutoff=0.5)
        hint = f"Near: {', '.join(near)}." if near else "Leave it out: the maintenance system assigns."
        raise BadInput(f"technician is {name!r}: nobody here is called that.", remedy=hint)
    return name


def _current(model: Any, site_id: int) -> Select[Any]:
    return select(model).where(model.site_id == site_id, func.upper_inf(model.recorded))


maintenance_order = Action(
    "maintenance_order", "Maintenance order", Order, plan, execute, tells="cmms", same=("equipment", "part")
)
