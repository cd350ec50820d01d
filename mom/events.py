"""Tell who listens: an event is a row, a notice once it commits, and a letter to each endpoint that wants it."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.letters import write_webhook
from mom.models import Event, WebhookEndpoint

CHANNEL = "lineside_events"


async def emit(
    session: AsyncSession, site_id: int, kind: str, subject: str, body: dict[str, Any] | None = None
) -> Event:
    """Write the event in the caller's transaction; listeners hear `id` on CHANNEL after it commits."""
    event = Event(site_id=site_id, kind=kind, subject=subject, body=body or {})
    session.add(event)
    await session.flush()
    await session.execute(select(func.pg_notify(CHANNEL, str(event.id))))
    if not kind.startswith("letter."):  # a dead letter told by letter would make letters for ever
        await _to_endpoints(session, event)
    return event


async def _to_endpoints(session: AsyncSession, event: Event) -> None:
    """An endpoint that wants `loss.opened` says so, or just `loss`."""
    here = WebhookEndpoint.site_id == event.site_id, WebhookEndpoint.disabled_at.is_(None)
    wanted = [WebhookEndpoint.events.contains([name]) for name in (event.kind, event.kind.partition(".")[0])]
    for endpoint_id in (await session.scalars(select(WebhookEndpoint.id).where(*here, or_(*wanted)))).all():
        await write_webhook(
            session,
            site_id=event.site_id,
            key=f"event:{event.id}:endpoint:{endpoint_id}",
            to=f"endpoint:{endpoint_id}",
            kind=event.kind,
            data={"id": event.id, "subject": event.subject, **event.body},
            now=event.at,
        )
