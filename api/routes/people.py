"""Crews against standard time, and persons for whom the plant lets see them."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.door import CallerNow, StoreNow
from api.times import window_of
from mom import clock
from mom.facts import Window
from mom.people.compare import By, compare
from mom.people.policy import need_persons
from mom.store.equipment import find_equipment
from mom.store.plants import layout_of

router = APIRouter(prefix="/api/v1")
BACK = timedelta(days=28)


@router.get("/people")
async def people(
    store: StoreNow, caller: CallerNow, equipment: str | None = None, by: By = "crew",
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
) -> dict[str, Any]:  # fmt: skip
    """Time taken for the same work, against the mean; default: all lines, the last four weeks. Groups of fewer than five
    people are withheld; single persons are refused unless the plant file lets one of your roles see them."""
    now = clock.now()
    async with store.read() as session:
        layout = await layout_of(session, caller.site_id)
        node = await find_equipment(session, equipment, caller.site_id) if equipment else None
        line = layout.machines[node.path].line if node else None
        window = window_of(start, end, layout.zone, now) if start or end else Window(now - BACK, now)
        lines = [line] if line else [m.path for m in layout.machines.values() if layout.units(m.path)]
        if by == "person":
            need_persons(layout, caller)
            async with store.write() as named:  # reads: the reader's role is not told whose a work time is
                found = await compare(session, layout, caller, lines, window, now, by, named=named)
        else:
            found = await compare(session, layout, caller, lines, window, now, by)
    names = ("group", "work", "hours", "plain", "effect", "low", "high", "guess", "differs", "missing")
    rows = [{name: getattr(row, name) for name in names} for row in found.rows]
    times = {"from": window.start.isoformat(), "to": window.end.isoformat()}
    return {"by": by, "rows": rows, "withheld": dict(found.withheld), "method": found.method, **times}
