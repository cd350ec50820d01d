"""Every KPI of a machine, line or site, each with its coverage or what is missing."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.door import CallerNow, StoreNow
from api.times import window_of
from mom import clock
from mom.kpis.asked import scope_named
from mom.kpis.board import kpis as all_kpis
from mom.store.equipment import find_equipment
from mom.store.plants import layout_of

router = APIRouter(prefix="/api/v1")


@router.get("/kpis")
async def kpis(
    store: StoreNow, caller: CallerNow, equipment: str,
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
    product: str | None = None, order: str | None = None, shift: str | None = None, crew: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Default window: the last 24 hours; a time without a zone is the plant's. Of all, or only while a product or order
    was on the line, or in the shifts of one name or crew."""
    now = clock.now()
    async with store.read() as session:
        node = await find_equipment(session, equipment, caller.site_id)
        layout = await layout_of(session, caller.site_id)
        window = window_of(start, end, layout.zone, now)
        scope = await scope_named(session, layout, product=product, order=order, shift=shift, crew=crew, window=window)
        found = await all_kpis(session, node, window, now, scope)
    return [figure.as_json() for figure in found]
