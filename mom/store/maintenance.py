"""Maintenance orders of a window."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.models import MaintenanceOrder


async def ended_in(session: AsyncSession, site_id: int, window: Window) -> Sequence[MaintenanceOrder]:
    """The orders that were finished in `window`, in that order."""
    query = select(MaintenanceOrder).where(
        MaintenanceOrder.site_id == site_id,
        func.upper_inf(MaintenanceOrder.recorded),
        MaintenanceOrder.ended_at >= window.start,
        MaintenanceOrder.ended_at < window.end,
    )
    return (await session.scalars(query.order_by(MaintenanceOrder.ended_at))).all()
