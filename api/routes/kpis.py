"""Every KPI of a machine, line or site, each with its coverage or what is missing."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.door import CallerNow, StoreNow
from api.times import window_of
from mom import clock
from mom.kpis.board import kpis as all_kpis
from mom.store.equipment import find_equipment

router = APIRouter(prefix="/api/v1")
DAY = timedelta(days=1)


@router.get("/kpis")
async def kpis(
    store: StoreNow, caller: CallerNow, equipment: str,
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Default window: the last 24 hours."""
    now = clock.now()
    async with store.read() as session:
        node = await find_equipment(session, equipment, caller.site_id)
        found = await all_kpis(session, node, window_of(start, end, now, DAY), now)
    return [figure.as_json() for figure in found]
