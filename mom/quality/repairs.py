"""Repairs at a chart's machine: what its turns are read with."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.gather import repairs_of
from mom.facts import Window
from mom.quality.charted import Charted
from mom.store.plants import Layout

MOST = 6


async def repairs_at(session: AsyncSession, layout: Layout, one: Charted, now: datetime) -> list[tuple[datetime, str]]:
    """(when it was done, in words), the newest six."""
    if not one.times or one.times[0] >= now:
        return []
    done = await repairs_of(session, layout, [one.equipment], Window(one.times[0], now))
    return [(repair.end, f"repaired: {repair.part or repair.title}") for repair in done if repair.end][-MOST:]
