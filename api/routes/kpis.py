"""Every KPI of a machine, line or site, each with its coverage or what is missing."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from api.door import CallerNow, StoreNow
from api.times import window_of
from mom import clock
from mom.kpis.board import kpis as all_kpis
from mom.store.equipment import find_equipment, site_of

router = APIRouter(prefix="/api/v1")


@router.get("/kpis")
async def kpis(
    store: StoreNow, caller: CallerNow, equipment: str,
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Default window: the last 24 hours; a time without a zone is the plant's."""
    now = clock.now()
    async with store.read() as session:
        node = await find_equipment(session, equipment, caller.site_id)
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        found = await all_kpis(session, node, window_of(start, end, zone, now), now)
    return [figure.as_json() for figure in found]
