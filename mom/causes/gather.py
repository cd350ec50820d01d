"""What other systems know of the weeks before a loss: repairs, material, laboratory; and what serves all machines."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.cause import Inspection, Lot, LotUse, Repair
from mom.facts import Series, Window
from mom.models import InspectionResult, MaintenanceOrder, MaterialLot, StockMove
from mom.store.plants import Layout
from mom.store.signals import signals_in

BEFORE = timedelta(days=7)
"""A lot that is in use may have been fetched before the window."""


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
