"""Where the data come from and how they are doing; what waits because it could not be taken in."""

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.numbers import Limit, RowId
from api.views.data import link_view, waiting_view
from api.web.show import frame, show
from mom import clock
from mom.errors import NotFound
from mom.records.replay import replay
from mom.store.equipment import site_of
from mom.store.links import gaps_of, links_of, waiting_of

router = APIRouter()


@router.get("/api/v1/waiting")
async def waiting(store: StoreNow, caller: CallerNow, limit: Limit = 200) -> list[dict[str, Any]]:
    """Records and readings that could not be stored, each whole, with the field and the reason."""
    async with store.read() as session:
        found = await waiting_of(session, caller.site_id, limit)
    return [{c.key: getattr(item, c.key) for c in item.__table__.columns} for item in found]


@router.post("/api/v1/waiting/{item_id}/replay")
async def replay_waiting(item_id: RowId, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """Map it once more, after the mapping or the record's neighbours were mended."""
    done = await replay(store, caller.site_id, [item_id], caller.actor, clock.now())
    if not done.stored and not done.waiting:
        raise NotFound(f"Nothing waits under {item_id}.")
    return asdict(done)


@router.get("/data", include_in_schema=False)
async def data_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        site = await site_of(session, caller.site_id)
        now, zone = clock.now(), ZoneInfo(site.time_zone)
        links = [link_view(link, now, zone) for link in await links_of(session, caller.site_id)]
        gaps = await gaps_of(session, caller.site_id, 20)
        items = [waiting_view(item, now, zone) for item in await waiting_of(session, caller.site_id, 100)]
        around = await frame(session, caller)
    return show(request, "data.html", page="data", links=links, gaps=gaps, items=items, now=now, zone=zone, **around)
