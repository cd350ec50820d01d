"""The links that bring readings, their gaps, and what could not be taken in."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Gap, Link, WaitingItem


async def links_of(session: AsyncSession, site_id: int) -> Sequence[Link]:
    return (await session.scalars(select(Link).where(Link.site_id == site_id).order_by(Link.connector))).all()


async def gaps_of(session: AsyncSession, site_id: int, limit: int) -> Sequence[Gap]:
    """The last gaps, the newest first."""
    query = select(Gap).where(Gap.site_id == site_id).order_by(Gap.started_at.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def waiting_of(session: AsyncSession, site_id: int, limit: int) -> Sequence[WaitingItem]:
    """What waits for a person, the oldest first."""
    query = select(WaitingItem).where(WaitingItem.site_id == site_id, WaitingItem.settled_at.is_(None))
    return (await session.scalars(query.order_by(WaitingItem.id).limit(limit))).all()
