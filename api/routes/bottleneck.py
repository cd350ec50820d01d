"""Which machine holds a line back: a part of the line page that takes a moment to reckon."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.views.bottleneck import bottleneck_view
from api.web.show import show
from mom import clock
from mom.bottleneck.told import told_of
from mom.errors import NotFound
from mom.facts import Window
from mom.history.calendar import shift_at
from mom.store.equipment import find_equipment
from mom.store.plants import Layout, layout_of

router = APIRouter()
DAY = timedelta(days=1)


@router.get("/parts/bottleneck", include_in_schema=False)
async def bottleneck(request: Request, store: StoreNow, caller: CallerNow, line: str) -> HTMLResponse:
    """Of `line` in this shift so far, and in the last 24 hours."""
    now = clock.now()
    async with store.read() as session:
        path = (await find_equipment(session, line, caller.site_id)).path
        layout = await layout_of(session, caller.site_id)
        if not layout.units(path):
            raise NotFound(f"{path} is no line of several machines.", remedy="Name a line.")
        found = [(name, await told_of(session, layout, path, window, now)) for name, window in _windows(layout, now)]
    made = f"{now.astimezone(layout.zone):%H:%M}"
    return show(request, "parts/bottleneck.html", page="line", b=bottleneck_view(found), made=made)


def _windows(layout: Layout, now: datetime) -> list[tuple[str, Window]]:
    """The running shift, where there is one; and the last day, of which a shift alone tells little."""
    shift = shift_at(layout.shifts(Window(now - DAY, now + DAY)), now)
    running = [("This shift", Window(shift.start, now))] if shift and shift.start < now else []
    return [*running, ("Last 24 hours", Window(now - DAY, now))]
