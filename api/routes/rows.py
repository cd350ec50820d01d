"""The rows behind a number: what a citation opens."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.views.rows import rows_view
from api.web.show import frame, show
from mom import clock
from mom.store.equipment import site_of
from mom.store.rows import row, rows

router = APIRouter()


@router.get("/api/v1/rows/{name}")
async def rows_or_row(name: str, request: Request, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """`stop:12`: that row. `stops?equipment=…&from=…&to=…`: `{"rows", "total"}`."""
    async with store.read() as session:
        if ":" in name:
            return await row(session, name, caller.site_id)
        found = await rows(session, name, dict(request.query_params), caller.site_id)
    return {"rows": found, "total": len(found)}


@router.get("/data/rows/{noun}", include_in_schema=False)
async def rows_page(noun: str, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        found = await rows(session, noun, dict(request.query_params), caller.site_id)
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        around = await frame(session, caller)
    view = rows_view(noun, found, request.query_params, clock.now(), zone)
    return show(request, "rows.html", page="data", v=view, **around)
