"""All that may be looked at for a loss: its machine and line over the weeks before, and what other systems know."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.cause import CauseFacts, Inspection, LossFact, Lot, LotUse, Repair, Written
from mom.causes.contrast import Spell, spell
from mom.causes.course import SHORT, Course, course_of
from mom.causes.cycles_before import cycles_before
from mom.errors import NotFound
from mom.facts import AlarmSpan, Facts, Machine, Series, StopSpan, Window
from mom.models import Equipment, InspectionResult, Loss, MaintenanceOrder, MaterialLot, Note, StockMove
from mom.people.policy import crews_shown
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of
from mom.store.signals import signals_in
from mom.store.states import alarms_in
from mom.store.stops import stops_in

LOOK_BACK = timedelta(days=28)
"""How far back evidence is looked for."""
LONGEST = timedelta(days=35)
AFTER = timedelta(days=2)
"""What came after the loss speaks too: the same lot, crew or product without it."""
NOTED = timedelta(hours=12)
"""People write of a loss when they come to it."""
BEFORE = timedelta(days=7)
"""A lot that is in use may have been fetched before the window."""


async def gather(session: AsyncSession, loss_id: int, now: datetime) -> CauseFacts:
    """All that kinds of evidence may look at. Raises NotFound."""
    row = await session.get(Loss, loss_id)
    equipment = await session.get(Equipment, row.equipment_id) if row else None
    if row is None or equipment is None:
        raise NotFound(f"There is no loss {loss_id}.", remedy="`./lineside losses` lists them with their numbers.")
    layout = await layout_of(session, row.site_id)
    if equipment.path not in layout.machines:
        raise NotFound(
            f"{equipment.name} of loss {loss_id} is no longer in the plant file: nothing is looked for there.",
            remedy=f"The loss itself stays on record; to look for its cause, put {equipment.path} back into the plant file.",
        )
    end = max(_last_sign(row, now), row.started_at + timedelta(seconds=1))
    last = max(end, min(end + AFTER, now))
    window = Window(max(row.started_at - LOOK_BACK, end - LONGEST), last)
    machine = layout.machines[equipment.path]
    flow = list(dict.fromkeys(m.path for line in layout.lines_of(machine.path) for m in layout.flow(line)))
    own = await _own(session, layout, equipment.path, window, max(now, end))
    loss = _loss_fact(row, equipment.path, end)
    ids = {layout.machines[path].id: path for path in flow}
    stops, alarms = await stops_in(session, ids, window, now), await alarms_in(session, ids, window, now)
    course = course_of(own, loss.kind, loss.reason)
    crews = sorted({shift.crew for shift in own.shifts if shift.crew})
    return CauseFacts(
        loss=loss,
        machine=own,
        course=course,
        spell=worst_spell(course, loss),
        line=tuple(
            _neighbour(own, layout.machines[path], stops.get(path, ()), alarms.get(path, ())) for path in flow
        ),
        repairs=await repairs_of(session, layout, flow, window),
        lots=await uses_of(session, layout, flow, window),
        lots_known=await lots_of(session, layout, window),
        inspections=await inspections_of(session, layout, equipment.path, window),
        notes=await notes_of(session, layout, flow, Window(loss.start - NOTED, loss.end + NOTED)),
        site_signals=await site_signals(session, layout, window),
        unnamed=frozenset((await crews_shown(session, layout, crews, window)).withheld),
        before=await cycles_before(session, own, loss, layout.plant.acts_upon if layout.plant else {}),
    )  # fmt: skip


def worst_spell(course: Course | None, loss: LossFact) -> Spell | None:
    """When within (and around) its row's time the loss was worse; of single stops and change-overs the row says it. Pure."""
    if course is None or course.step <= 0 or loss.rule == "stop":
        return None
    return spell(course, around=(loss.start.timestamp(), loss.end.timestamp()))


async def _own(session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime) -> Facts:
    """The loss's machine with its signals, from its first state on."""
    scene = await scene_of(session, layout, window, now, only=[path], fine=False)
    own = scene.facts[path]
    first = min([s.start for s in own.states] + [c.start for c in own.counts], default=window.start)
    if first > window.start:
        window = Window(min(first, window.end - timedelta(hours=1)), window.end)
        fine = window.end - window.start <= SHORT
        own = (await scene_of(session, layout, window, now, only=[path], fine=fine)).facts[path]
    return replace(own, signals=await signals_in(session, [layout.machines[path].id], window))


def _last_sign(row: Loss, now: datetime) -> datetime:
    """Until when the loss showed: of a pattern its last part, of what lasts now."""
    told = [datetime.fromisoformat(part["to"]) for part in row.figures.get("parts", ())]
    return row.ended_at or min(max(told) + timedelta(hours=1), now) if told else row.ended_at or now


def _neighbour(
    own: Facts, machine: Machine, stops: tuple[StopSpan, ...], alarms: tuple[AlarmSpan, ...]
) -> Facts:  # fmt: skip
    return Facts(own.site, own.zone, own.currency, machine, own.window, own.now, stops=stops, alarms=alarms)


def _loss_fact(row: Loss, path: str, end: datetime) -> LossFact:
    return LossFact(
        row.id, row.rule, row.kind, row.reason, path, row.title, row.started_at, end, row.ended_at is None,
        row.seconds, row.units, dict(row.figures), tuple(row.evidence),
    )  # fmt: skip


async def repairs_of(
    session: AsyncSession, layout: Layout, paths: Collection[str], window: Window
) -> tuple[Repair, ...]:
    """Maintenance done on these machines that ended in the window, in order."""
    order = MaintenanceOrder
    query = (
        _current(order, layout)
        .where(order.equipment.in_(_names(layout, paths)), order.ended_at.is_not(None))
        .where(order.ended_at >= window.start, order.ended_at < window.end)
        .order_by(order.ended_at, order.id)
    )
    return tuple(
        Repair(r.id, r.key, _path(layout, r.equipment), r.part, r.kind, r.title, r.text, r.started_at, r.ended_at)
        for r in await session.scalars(query)
    )


async def uses_of(session: AsyncSession, layout: Layout, paths: Collection[str], window: Window) -> tuple[LotUse, ...]:
    """Lots brought to these machines in the window or shortly before it, in order."""
    move = StockMove
    query = (
        _current(move, layout)
        .where(move.to_equipment.in_(_names(layout, paths)), move.at >= window.start - BEFORE, move.at < window.end)
        .order_by(move.at, move.id)
    )
    return tuple(
        LotUse(r.id, r.lot, r.material, None, _path(layout, r.to_equipment or ""), r.at)
        for r in await session.scalars(query)
    )


async def lots_of(session: AsyncSession, layout: Layout, window: Window) -> tuple[Lot, ...]:
    """Lots that were due or came in the window or shortly before it."""
    lot, start = MaterialLot, window.start - BEFORE
    query = _current(lot, layout).where(or_(lot.expected_at >= start, lot.received_at >= start)).order_by(lot.id)
    return tuple(
        Lot(r.id, r.key, r.material, r.supplier, r.expected_at, r.received_at, r.status)
        for r in await session.scalars(query)
    )


async def inspections_of(session: AsyncSession, layout: Layout, path: str, window: Window) -> tuple[Inspection, ...]:
    """Laboratory results of one machine in the window, in order."""
    result = InspectionResult
    query = (
        _current(result, layout)
        .where(result.equipment.in_(_names(layout, [path])), result.at >= window.start, result.at < window.end)
        .order_by(result.at, result.id)
    )
    return tuple(
        Inspection(r.id, path, r.characteristic, r.passed, r.at, r.value, r.low, r.high)
        for r in await session.scalars(query)
    )


async def notes_of(
    session: AsyncSession, layout: Layout, paths: Collection[str], window: Window
) -> tuple[Written, ...]:
    """What people wrote in the window of these machines, of their lines, or without saying of which, in order."""
    lines = {layout.machines[path].line for path in paths}
    query = (
        _current(Note, layout)
        .where(or_(Note.equipment.in_(_names(layout, {*paths, *lines})), Note.equipment.is_(None)))
        .where(Note.at >= window.start, Note.at < window.end)
        .order_by(Note.at, Note.id)
    )
    return tuple(
        Written(r.id, _path(layout, r.equipment) if r.equipment else None, r.text, r.at)
        for r in await session.scalars(query)
    )


async def site_signals(session: AsyncSession, layout: Layout, window: Window) -> tuple[Series, ...]:
    """Signals with a normal range of equipment that belongs to no line: compressed air, cooling."""
    shared = [m.id for m in layout.machines.values() if m.level == "work_unit" and _outside_lines(layout, m.path)]
    found = await signals_in(session, shared, window) if shared else {}
    return tuple(series for series in found.values() if series.low is not None or series.high is not None)


def _outside_lines(layout: Layout, path: str) -> bool:
    return layout.machines[path].line == path and path not in layout.feeds.values()


def _current(model: Any, layout: Layout) -> Any:
    return select(model).where(model.site_id == layout.site.id, func.upper_inf(model.recorded))


def _names(layout: Layout, paths: Collection[str]) -> list[str]:
    """Paths as other systems may write them: with the site's code or without."""
    return [name for path in paths for name in (path, path.removeprefix(layout.site.code + "/"))]


def _path(layout: Layout, name: str) -> str:
    return name if name in layout.machines else f"{layout.site.code}/{name}"
