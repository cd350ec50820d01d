"""What was lost: a list by money, and one loss with its causes."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.numbers import Limit, RowId
from api.times import window_of
from api.views.loss import by_money, diagnosis_view, loss_json, loss_view
from api.web.show import frame, show
from mom import clock
from mom.causes.explain import explain
from mom.changed.of_loss import changed_since
from mom.changed.shown import as_json
from mom.changed.waterfall import waterfall
from mom.facts import Window
from mom.losses.share import share_in
from mom.store.equipment import find_equipment, site_of
from mom.store.losses import loss_of, losses_in
from mom.store.plants import layout_of

router = APIRouter()
WEEK = timedelta(days=7)
MOST = 100_000
"""Losses that are looked through: the dearest of a window are not the dearest as a whole."""


@router.get("/api/v1/losses")
async def losses(
    store: StoreNow, caller: CallerNow, equipment: str | None = None,
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None, limit: Limit = 200,
) -> list[dict[str, Any]]:  # fmt: skip
    """Losses that touch the window (default: the last seven days), the dearest first: what of each fell into it."""
    now = clock.now()
    async with store.read() as session:
        below = (await find_equipment(session, equipment, caller.site_id)).path if equipment else None
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        window = window_of(start, end, zone, now, WEEK)
        rows = await losses_in(session, caller.site_id, window, below=below, limit=MOST)
    shared = [(loss, where, share_in(loss, window, now)) for loss, where in rows]
    told = [loss_json(loss, where, share) for loss, where, share in shared if share]
    return sorted(told, key=lambda one: (-(one["money"] or 0.0), -one["seconds"]))[:limit]


@router.get("/api/v1/losses/{loss_id}")
async def loss(loss_id: RowId, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """One whole loss, and why, with evidence."""
    async with store.read() as session:
        found, where = await loss_of(session, loss_id, caller.site_id)
        diagnosis = await explain(session, loss_id, clock.now())
        return {**loss_json(found, where), "diagnosis": diagnosis.as_json()}


@router.get("/losses", include_in_schema=False)
async def losses_page(request: Request, store: StoreNow, caller: CallerNow, days: int = 7) -> HTMLResponse:
    now = clock.now()
    days = min(max(days, 1), 366)
    async with store.read() as session:
        site = await site_of(session, caller.site_id)
        zone = ZoneInfo(site.time_zone)
        window = Window(now - timedelta(days=days), now)
        rows = await losses_in(session, caller.site_id, window)
        shared = [(loss, where, share_in(loss, window, now)) for loss, where in rows]
        views = by_money([loss_view(loss, where, site.currency, now, zone, share) for loss, where, share in shared])
        around = await frame(session, caller)
    dearest = max(views, key=lambda view: view["money"] or 0.0, default=None)
    values: dict[str, Any] = {"losses": views, "dearest": dearest, "days": days}
    return show(request, "losses.html", page="line", **values, **(around | {"with_chat": True}))


@router.get("/losses/{loss_id}", include_in_schema=False)
async def loss_page(loss_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    now = clock.now()
    async with store.read() as session:
        site = await site_of(session, caller.site_id)
        found, where = await loss_of(session, loss_id, caller.site_id)
        view = loss_view(found, where, site.currency, now, ZoneInfo(site.time_zone))
        around = await frame(session, caller)
    values: dict[str, Any] = {"l": view, "evidence": found.evidence}
    return show(request, "loss.html", page="line", **values, **(around | {"with_chat": True}))


@router.get("/parts/losses/{loss_id}/why", include_in_schema=False)
async def loss_why(loss_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    """The causes with their evidence: it takes a moment, the page does not wait for it."""
    async with store.read() as session:
        await loss_of(session, loss_id, caller.site_id)
        diagnosis = (await explain(session, loss_id, clock.now())).as_json()
    return show(request, "parts/why.html", page="line", d=diagnosis_view(diagnosis))


@router.get("/parts/losses/{loss_id}/changed", include_in_schema=False)
async def loss_changed(loss_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    """What changed on the line since the loss began: it takes a moment, the page does not wait for it."""
    now = clock.now()
    async with store.read() as session:
        found, where = await loss_of(session, loss_id, caller.site_id)
        changed = await changed_since(session, await layout_of(session, caller.site_id), found, where, now)
    if changed is None:
        return show(request, "parts/changed.html", page="line", told="", chart=None, parts=())
    told, chart = as_json(changed), None
    if changed.compared is not None and told["parts"]:
        chart = waterfall("OEE, since then against before", changed.compared, changed.units, "since then", "before")
    return show(request, "parts/changed.html", page="line", told=told["told"], chart=chart, parts=told.get("parts", ()))
