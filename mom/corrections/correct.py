"""A person says what a machine did not: a row of its own, audited, recalculated at once, withdrawn and never deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.caller import Caller
from mom.corrections.given import Given, checked_value, checked_why, checked_window
from mom.errors import BadInput, Conflict, NotFound
from mom.facts import Window
from mom.history.classes import classify, totals
from mom.models import Correction, Count, Stop, Touched
from mom.store.equipment import find_equipment
from mom.store.facts import facts
from mom.store.plants import layout_of

ROLES = ("supervisor", "maintenance", "quality", "planner", "manager")
SOURCE = "correction"
"""Counts that a person added or took away stand under this source."""


async def correct(session: AsyncSession, given: Given, caller: Caller, now: datetime) -> Correction:
    """Write a correction in the caller's transaction and ask for what it touches to be derived anew.

    Raises NotAllowed, NotFound (no such stop or equipment), BadInput (what is said, or of when, is wrong).
    """
    caller.need(*ROLES)
    why, value = checked_why(given.why), checked_value(given)
    if given.kind == "reason":
        made = await _of_stop(session, given, caller, now)
    else:
        made = await _of_stretch(session, given, caller, now)
    made.value, made.why, made.created_at = value, why, now
    session.add(made)
    await session.flush()
    if given.kind == "count":
        await _count(session, made, value)
    await _touch(session, made)
    await _note(session, made, "correction.made", caller, now, {"said": value, "before": made.said_before, "why": why})
    return made


async def withdraw(session: AsyncSession, correction_id: int, why: str, caller: Caller, now: datetime) -> Correction:
    """Take a correction back: what the machine said holds again. Raises NotAllowed, NotFound, Conflict, BadInput."""
    caller.need(*ROLES)
    reason = checked_why(why)
    query = select(Correction).where(Correction.id == correction_id, Correction.site_id == caller.site_id)
    made = await session.scalar(query.with_for_update())
    if made is None:
        raise NotFound(f"There is no correction {correction_id} here.")
    if made.withdrawn_at is not None:
        raise Conflict(f"Correction {correction_id} was withdrawn already, by {made.withdrawn_by}.")
    made.withdrawn_at, made.withdrawn_by, made.withdrawn_why = now, caller.name, reason
    if made.kind == "count":
        mine = Count.site_id == made.site_id, Count.source == SOURCE, Count.key == str(made.id)
        await session.execute(update(Count).where(*mine).values(produced=0, good=0, scrap=0))
    await session.flush()
    await _touch(session, made)
    await _note(session, made, "correction.withdrawn", caller, now, {"why": reason})
    return made


async def _of_stop(session: AsyncSession, given: Given, caller: Caller, now: datetime) -> Correction:
    """Of a stop that holds. One that was superseded is told so: somebody looked at an old page."""
    stop = await session.get(Stop, given.stop) if given.stop is not None else None
    if stop is None or stop.site_id != caller.site_id:
        raise NotFound(f"There is no stop {given.stop} here.")
    if stop.superseded_at is not None:
        after = f"stop {stop.superseded_by} took its place" if stop.superseded_by else "it is no stop any more"
        raise Conflict(f"Stop {stop.id} was found to be wrong meanwhile: {after}.", remedy="Look at it again.")
    return Correction(
        site_id=stop.site_id,
        equipment_id=stop.equipment_id,
        kind="reason",
        started_at=stop.started_at,
        ended_at=stop.ended_at or max(now, stop.started_at),
        said_before={"reason": stop.reason, "by": stop.reason_by},
        subject=f"stop:{stop.id}",
        by=caller.user_id,
        by_name=caller.name,
    )


async def _of_stretch(session: AsyncSession, given: Given, caller: Caller, now: datetime) -> Correction:
    window = checked_window(given, now)
    node = await find_equipment(session, given.equipment or "", caller.site_id)
    layout = await layout_of(session, caller.site_id)
    machine = layout.constraint(node.path)
    if machine is None:
        raise BadInput(
            f"equipment is {node.path}: name one of its machines.", remedy="A line without a constraint has several."
        )
    return Correction(
        site_id=caller.site_id,
        equipment_id=machine.id,
        kind=given.kind,
        started_at=window.start,
        ended_at=window.end,
        said_before=await _before(session, machine.path, window, given, now),
        by=caller.user_id,
        by_name=caller.name,
    )


async def _before(session: AsyncSession, path: str, window: Window, given: Given, now: datetime) -> dict[str, Any]:
    """What held until now: seconds by class, or pieces. Raises BadInput when more is taken away than was counted."""
    known = await facts(session, path, window, now)
    if given.kind == "time_class":
        return {kind.value: micro / 1e6 for kind, micro in totals(classify(known)).items() if micro}
    pieces = {name: sum(getattr(span, name) for span in known.counts) for name in ("good", "scrap")}
    for name, value in checked_value(given).items():
        if pieces[name] + value < 0:
            raise BadInput(f"{name} is {value:g}: only {pieces[name]:g} were counted in this stretch.")
    return pieces


async def _count(session: AsyncSession, made: Correction, value: dict[str, Any]) -> None:
    """Pieces beside those of the counter, with the product and order of the count before."""
    before = (
        select(Count.product, Count.order, Count.shift)
        .where(Count.equipment_id == made.equipment_id, Count.started_at <= made.started_at, Count.source != SOURCE)
        .order_by(Count.started_at.desc())
        .limit(1)
    )
    row = (await session.execute(before)).first()
    product, order, shift = row if row else (None, None, None)
    session.add(
        Count(
            site_id=made.site_id,
            equipment_id=made.equipment_id,
            source=SOURCE,
            key=str(made.id),
            started_at=made.started_at,
            ended_at=made.ended_at,
            product=product,
            order=order,
            shift=shift,
            produced=value["good"] + value["scrap"],
            **value,
        )
    )
    await session.flush()


async def _touch(session: AsyncSession, made: Correction) -> None:
    row = {"site_id": made.site_id, "equipment_id": made.equipment_id, "wakes": False, "corrected": True}
    await session.execute(insert(Touched).values(**row, from_at=made.started_at, to_at=made.ended_at))


async def _note(
    session: AsyncSession, made: Correction, act: str, caller: Caller, now: datetime, detail: dict[str, Any]
) -> None:
    await audit.append(
        session,
        site_id=made.site_id,
        at=now,
        actor=caller.actor,
        act=act,
        subject=f"correction:{made.id}",
        detail=detail,
    )
