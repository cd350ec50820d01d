"""Reports: a list, and each as a page or a PDF."""

from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CallerNow, StoreNow
from api.numbers import RowId
from api.web.show import frame, show
from mom import clock, words
from mom.database.access import Store
from mom.errors import NotFound
from mom.models import ReportRun
from mom.store.equipment import site_of
from mom.store.reports import report_of, reports_of

router = APIRouter()
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""A report stands alone: its own style, no script, no door back to us."""


@router.get("/api/v1/reports")
async def list_reports(store: StoreNow, caller: CallerNow) -> list[dict[str, Any]]:
    """Reports that were made or are due, newest first."""
    async with store.read() as session:
        rows = await reports_of(session, caller.site_id)
    return [
        {
            "id": row.id, "report": row.report, "period": row.period, "from": row.from_at, "to": row.to_at,
            "status": row.status, "made_at": row.made_at,
        }
        for row in rows
    ]  # fmt: skip


@router.get("/api/v1/reports/{report_id}.{form}")
async def download(report_id: RowId, form: Literal["html", "pdf"], store: StoreNow, caller: CallerNow) -> Response:
    """The report as it was made."""
    row = await _made(store, report_id, caller.site_id)
    if form == "html":
        return HTMLResponse(row.html, headers={"content-security-policy": ALONE})
    name = f"{row.report}-{row.to_at:%Y%m%d-%H%M}.pdf"
    return Response(
        row.pdf, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'}
    )


@router.get("/reports", include_in_schema=False)
async def reports_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        site = await site_of(session, caller.site_id)
        now, zone = clock.now(), ZoneInfo(site.time_zone)
        views = [_view(row, now, zone) for row in await reports_of(session, caller.site_id)]
        around = await frame(session, caller)
    return show(request, "reports.html", page="reports", reports=views, **around)


@router.get("/reports/{report_id}", include_in_schema=False)
async def report_page(report_id: RowId, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    row = await _made(store, report_id, caller.site_id)
    return HTMLResponse(row.html, headers={"content-security-policy": ALONE})


async def _made(store: Store, report_id: int, site_id: int) -> ReportRun:
    async with store.read() as session:
        row = await report_of(session, report_id, site_id)
    if row.html is None or row.pdf is None:
        raise NotFound(f"Report {report_id} is {row.status}, not made yet.", remedy="Look again in a minute.")
    return row


def _view(row: ReportRun, now: Any, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": f"{row.report.replace('_', ' ').capitalize()} report",
        "period": words.span_of(row.from_at, row.to_at, now, zone),
        "made": row.status == "made",
        "state": {"made": f"made {words.time_of(row.made_at, now, zone)}" if row.made_at else "made"}.get(
            row.status, row.status
        ),
    }
