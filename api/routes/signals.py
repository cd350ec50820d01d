"""What is behind a signal that evidence names: its course around the loss that it speaks of."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.numbers import HIGHEST_ID
from api.views.signal import signal_chart
from api.web.show import show
from mom import clock
from mom.facts import Window
from mom.store.curve import curve_of
from mom.store.losses import loss_of
from mom.store.plants import layout_of

router = APIRouter()
USUAL = timedelta(days=7)
LEAST, MOST = timedelta(hours=8), timedelta(days=14)
"""Of the time before a loss that is shown beside it: as long as it lasted, but no less and no more than these."""


@router.get("/parts/signals/{name}", include_in_schema=False)
async def signal(
    name: str, request: Request, store: StoreNow, caller: CallerNow,
    loss: Annotated[int | None, Query(ge=1, le=HIGHEST_ID)] = None,
) -> HTMLResponse:  # fmt: skip
    """Its means in the last week, or around `loss`."""
    now = clock.now()
    async with store.read() as session:
        layout = await layout_of(session, caller.site_id)
        begun, ended, window = None, None, Window(now - USUAL, now)
        if loss is not None:
            found, _ = await loss_of(session, loss, caller.site_id)
            begun, ended = found.started_at, found.ended_at
            window = _around(begun, ended, now)
        curve = await curve_of(session, caller.site_id, name, window)
    chart = signal_chart(curve, layout.zone, begun, ended, now) if curve.points else None
    return show(request, "parts/signal.html", page="line", chart=chart, worded=curve.worded)


def _around(start: datetime, end: datetime | None, now: datetime) -> Window:
    """The loss and as much before it; of a long one its last weeks."""
    last = min((end or now) + timedelta(hours=1), now)
    before = min(max(last - start, LEAST), MOST)
    return Window(max(start - before, last - 2 * MOST), last)
