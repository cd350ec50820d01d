"""Tell who listens: an event is a row, and a notice that carries its id once the transaction commits."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Event

CHANNEL = "lineside_events"


async def emit(
    session: AsyncSession, site_id: int, kind: str, subject: str, body: dict[str, Any] | None = None
) -> Event:
    """Write the event in the caller's transaction; listeners hear `id` on CHANNEL after it commits."""
    event = Event(site_id=site_id, kind=kind, subject=subject, body=body or {})
    session.add(event)
    await session.flush()
    await session.execute(select(func.pg_notify(CHANNEL, str(event.id))))
    return event
