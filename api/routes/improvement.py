"""What is being done about losses, and whether it helped."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.views.improvement import headline, task_view
from api.web.show import frame, show
from mom import clock
from mom.store.equipment import site_of
from mom.store.improvement import tasks_of

router = APIRouter()


@router.get("/api/v1/improvements")
async def improvements(store: StoreNow, caller: CallerNow) -> list[dict[str, Any]]:
    """Every task with its baseline, target, dates and last effect."""
    async with store.read() as session:
        found = await tasks_of(session, caller.site_id)
    return [{**_columns(task), "effect": _columns(effect) if effect else None} for task, effect in found]


@router.get("/improvement", include_in_schema=False)
async def improvement_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        site = await site_of(session, caller.site_id)
        now, zone = clock.now(), ZoneInfo(site.time_zone)
        views = [
            task_view(task, effect, site.currency, now, zone)
            for task, effect in await tasks_of(session, caller.site_id)
        ]
        around = await frame(session, caller)
    return show(
        request,
        "improvement.html",
        page="improvement",
        tasks=views,
        headline=headline(views),
        **(around | {"with_chat": True}),
    )


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
