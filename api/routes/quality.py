"""Whether processes are in control and capable, what was found not to be right, and what quality hangs on."""

import asyncio
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import CallerNow, StoreNow
from api.numbers import RowId
from api.views.quality import SHOWN, machine_of, quality_view
from api.web.show import frame, show
from mom import clock
from mom.facts import Window
from mom.quality.capable import capable
from mom.quality.charted import Charted, charts_of
from mom.quality.extent import extent_of
from mom.quality.repairs import repairs_at
from mom.quality.series import Series
from mom.quality.touched import touched
from mom.store.plants import Layout, layout_of
from mom.store.quality import models_of, nonconformance_of, nonconformances_of, whole

router = APIRouter()
MONTH = timedelta(days=30)


@router.get("/api/v1/quality")
async def quality(store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """Each characteristic: whether it is in control, its limits and its capability in the last 30 days."""
    now = clock.now()
    async with store.read() as session:
        layout = await layout_of(session, caller.site_id)
        charts = await charts_of(session, layout, None, now)
    return {
        "charts": [_chart(one) for one in charts],
        "capability": await asyncio.to_thread(_capable, layout, charts, now),
    }


@router.get("/api/v1/nonconformances/{nonconformance_id}/lots")
async def lots(nonconformance_id: RowId, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """Orders and lots of material that a nonconformance may touch. Times in UTC."""
    now = clock.now()
    async with store.read() as session:
        layout = await layout_of(session, caller.site_id)
        row = await nonconformance_of(session, caller.site_id, nonconformance_id)
        window, over = await extent_of(session, layout, row, now)
        found = await touched(session, layout, whole(layout, row.equipment or ""), window, now)
    return {"ref": f"nonconformance:{row.id}", "text": row.text, "over": over, **asdict(found)}


@router.get("/quality", include_in_schema=False)
async def quality_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    now = clock.now()
    async with store.read() as session:
        layout = await layout_of(session, caller.site_id)
        charts = await charts_of(session, layout, None, now)
        events = {one.equipment: await repairs_at(session, layout, one, now) for one in charts[:SHOWN]}
        found = await nonconformances_of(session, caller.site_id, 20)
        models = await models_of(session, caller.site_id, layout.site.code)
        view = quality_view(layout, charts, events, found, models, now)
        around = await frame(session, caller)
    capability = await asyncio.to_thread(_capable, layout, charts, now)
    return show(request, "quality.html", page="data", q=view, capability=capability, **(around | {"with_chat": True}))


def _capable(layout: Layout, charts: list[Charted], now: datetime) -> list[dict[str, Any]]:
    """Of each series, its last 30 days."""
    recent = [_since(one.series, Window(now - MONTH, now)) for one in charts if one.series is not None]
    rows = [capable(series, machine_of(layout, series.equipment)) for series in recent if series.results]
    return sorted((row for row in rows if row is not None), key=lambda row: (row["machine"], row["name"]))


def _since(series: Series, window: Window) -> Series:
    kept = tuple(result for result in series.results if window.start <= result.at < window.end)
    return Series(series.equipment, series.characteristic, series.unit, series.low, series.high, kept)


def _chart(one: Charted) -> dict[str, Any]:
    point = one.chart.panels[0].points[-1] if one.chart else None
    return {
        "equipment": one.equipment, "characteristic": one.characteristic, "unit": one.unit, "points": len(one.times),
        "in_control": None if point is None else not one.out, "newest": point.value if point else None,
        "centre": point.centre if point else None, "low": point.low if point else None,
        "high": point.high if point else None, "times_out": len(one.episodes), "missing": one.missing,
    }  # fmt: skip
