"""The lines as they are now: the first page, and the same as data."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.door import CallerNow, StoreNow
from api.views.line import headline, line_view
from api.views.loss import by_money, loss_view
from api.views.proposal import proposal_view
from api.web.show import frame, show
from mom import clock, words
from mom.board import lines_now
from mom.caller import Caller
from mom.facts import Window
from mom.losses.share import share_in
from mom.proposals.card import cards
from mom.store.equipment import site_of
from mom.store.losses import conditions_in, losses_in

router = APIRouter()
MOST_LOSSES = 12


@router.get("/", include_in_schema=False)
async def line_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        values = await _values(session, caller)
        around = await frame(session, caller)
    return show(request, "line.html", page="line", **(around | {"with_chat": True}), **values)


@router.get("/line/live", include_in_schema=False)
async def line_live(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        values = await _values(session, caller)
    return show(request, "parts/line_live.html", page="line", **values)


@router.get("/api/v1/lines")
async def lines(store: StoreNow, caller: CallerNow) -> list[dict[str, Any]]:
    """Each line now: state, machines, order, figures of the shift so far."""
    async with store.read() as session:
        now = clock.now()
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        views = [line_view(line, now, zone) for line in await lines_now(session, caller.site_id, now)]
    return [{**view, "timeline": view["timeline"].model_dump(mode="json")} for view in views]


async def _values(session: AsyncSession, caller: Caller) -> dict[str, Any]:
    """What the live part of the page shows."""
    now = clock.now()
    site = await site_of(session, caller.site_id)
    zone = ZoneInfo(site.time_zone)
    found = await lines_now(session, caller.site_id, now)
    window = found[0].window if found else Window(now, now)
    rows = await losses_in(session, caller.site_id, window)
    signs = await conditions_in(session, caller.site_id, Window(now - timedelta(seconds=1), now))
    shared = [(loss, where, share_in(loss, window, now)) for loss, where in rows]
    losses = by_money(
        [loss_view(loss, where, site.currency, now, zone, share) for loss, where, share in shared if share]
    )
    waits = [proposal_view(card, caller, now, zone) for card in await cards(session, caller, "pending")]
    shift = found[0].shift if found else None
    crew = f", crew {shift.crew}" if shift and shift.crew else ""
    subline = f"{shift.name.capitalize()} shift{crew}" if shift else "Outside the shifts"
    return {
        "headline": headline(found, losses),
        "subline": f"{subline}, {words.span_of(window.start, None, now, zone)}; as of {now.astimezone(zone):%H:%M:%S}.",
        "lines": [line_view(line, now, zone) for line in found],
        "losses": losses[:MOST_LOSSES],
        "conditions": [loss_view(sign, where, site.currency, now, zone) for sign, where in signs[:MOST_LOSSES]],
        "proposals": waits,
    }
