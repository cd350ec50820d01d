"""What happened, as it happens: a page that comes back goes on where it was (Last-Event-ID)."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Select, func, select

from api.door import CallerNow, is_still_let_in
from api.sse import BEAT, HEADERS, event
from mom.models import Event

router = APIRouter()
BEAT_S = 15.0
MOST_AT_ONCE = 200
LOOK_BACK = 500
"""Numbers are given before their transactions commit: so far back is looked for one that came late."""
NEWEST = select(func.coalesce(func.max(Event.id), 0))


@router.get("/api/v1/events")
async def events(
    request: Request, caller: CallerNow, last_event_id: Annotated[int | None, Header()] = None
) -> StreamingResponse:
    """Events of the caller's site, from after `Last-Event-ID` on, or from now."""
    return StreamingResponse(
        _stream(request, caller.site_id, last_event_id), headers=HEADERS, media_type="text/event-stream"
    )


def _since(site_id: int, last: int) -> Select[Event]:
    return select(Event).where(Event.site_id == site_id, Event.id > last - LOOK_BACK)


async def _stream(request: Request, site_id: int, last_heard: int | None) -> AsyncIterator[str]:
    """Until the listener leaves, or is no longer let in: that is asked once a beat."""
    store, fanout = request.app.state.store, request.app.state.fanout
    async with store.read() as session:
        last = last_heard if last_heard is not None else await session.scalar(NEWEST)
        told = set(await session.scalars(_since(site_id, last).with_only_columns(Event.id).where(Event.id <= last)))
    let_in = time.monotonic()
    yield BEAT
    while True:
        wake = fanout.changed
        if time.monotonic() - let_in >= BEAT_S:
            if not await is_still_let_in(request):
                return
            let_in = time.monotonic()
        async with store.read() as session:
            query = _since(site_id, last).where(Event.id.not_in(told)).order_by(Event.id).limit(MOST_AT_ONCE)
            found = (await session.scalars(query)).all()
        for row in found:
            last = max(last, row.id)
            yield event(None, {"kind": row.kind, "subject": row.subject, "at": row.at, **row.body}, id=last)
        told = {number for number in told.union(row.id for row in found) if number > last - LOOK_BACK}
        if len(found) < MOST_AT_ONCE and wake is fanout.changed:
            await fanout.wait(BEAT_S)
            yield BEAT
