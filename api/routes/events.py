"""What happened, as it happens: a page that comes back goes on where it was (Last-Event-ID)."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select

from api.door import CallerNow
from api.sse import BEAT, HEADERS, event
from mom.models import Event

router = APIRouter()
BEAT_S = 15.0
MOST_AT_ONCE = 200


@router.get("/api/v1/events")
async def events(
    request: Request, caller: CallerNow, last_event_id: Annotated[int | None, Header()] = None
) -> StreamingResponse:
    """Events of the caller's site, from after `Last-Event-ID` on, or from now."""
    return StreamingResponse(
        _stream(request, caller.site_id, last_event_id), headers=HEADERS, media_type="text/event-stream"
    )


async def _stream(request: Request, site_id: int, last: int | None) -> AsyncIterator[str]:
    store, fanout = request.app.state.store, request.app.state.fanout
    if last is None:
        async with store.read() as session:
            last = await session.scalar(select(func.coalesce(func.max(Event.id), 0)))
    yield BEAT
    while True:
        wake = fanout.changed
        async with store.read() as session:
            query = (
                select(Event).where(Event.site_id == site_id, Event.id > last).order_by(Event.id).limit(MOST_AT_ONCE)
            )
            found = (await session.scalars(query)).all()
        for row in found:
            last = row.id
            yield event(None, {"kind": row.kind, "subject": row.subject, "at": row.at, **row.body}, id=row.id)
        if len(found) < MOST_AT_ONCE and wake is fanout.changed:
            await fanout.wait(BEAT_S)
            yield BEAT
