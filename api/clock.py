"""The door that time comes in by: makes each report once for each period, and writes it to who asked for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

import mom.reports
from mom.database.access import Store
from mom.discover import discover
from mom.errors import BadInput, LinesideError, NotFound
from mom.events import emit
from mom.facts import Window
from mom.letters import write_email
from mom.models import ReportRun
from mom.reports.description import Description
from mom.reports.report import Period, Report, build
from mom.reports.runs import (
    CATCH_UP,
    claim_due,
    fail,
    lines_for,
    note_due,
    sites_with_plants,
    waiting_recipients,
)
from mom.settings import Settings
from mom.store.plants import Layout, layout_of

log = structlog.get_logger("clock")


@dataclass(frozen=True, slots=True)
class Made:
    """A report in all its forms."""

    description: Description
    html: str
    mail: str
    pdf: bytes


@cache
def reports() -> dict[str, Report]:
    return discover(mom.reports, Report)


async def tick(store: Store, now: datetime, settings: Settings) -> int:
    """Note what is due and make one report; how many were made. At any rate, from any number of processes.

    The rows of report_runs are the memory: their key is unique, and who makes a report holds its row locked.
    """
    async with store.write.begin() as session:
        for site_id in await sites_with_plants(session):
            layout = await layout_of(session, site_id)
            for report in reports().values():
                await note_due(session, report, layout, now)
    async with store.write.begin() as session:
        run = await claim_due(session)
        if run is None:
            return 0
        try:
            async with session.begin_nested():
                await _make(session, run, now, settings)
        except LinesideError as error:
            log.error("a report could not be made", report=run.report, period=run.period, error=str(error))
            await fail(session, run, str(error), now)
            await emit(session, run.site_id, "report.failed", f"report:{run.id}", {"error": str(error)[:500]})
    return 1


async def _make(session: AsyncSession, run: ReportRun, now: datetime, settings: Settings) -> None:
    report = reports().get(run.report)
    if report is None:
        raise NotFound(f"There is no report {run.report!r} any more.")
    layout = await layout_of(session, run.site_id)
    period = _period_of(report, layout, run)
    shared = await render(session, report, layout, period, (), now)
    _keep(run, shared, now)
    for row in await waiting_recipients(session, run):
        lines = lines_for(layout, report.name, row.recipient)
        made = await render(session, report, layout, period, lines, now) if lines else shared
        if lines:
            _keep(row, made, now)
        row.status, row.made_at = "made", now
        await _write(session, row, row if lines else run, made, now, settings)
    about = {"report": run.report, "title": report.title, "period": shared.description.period}
    await emit(session, run.site_id, "report.made", f"report:{run.id}", about)


def _period_of(report: Report, layout: Layout, run: ReportRun) -> Period:
    """The calendar may have changed since: then the period is what its row says."""
    known = report.periods(layout, Window(run.from_at, run.to_at))
    window = Window(run.from_at, run.to_at)
    return next((one for one in known if one.window == window), Period(window, report.name))


async def render(
    session: AsyncSession, report: Report, layout: Layout, period: Period, lines: Sequence[str], now: datetime
) -> Made:
    """Read, describe, and give it its forms; these take up to a second and are made beside the loop."""
    description = await build(session, report, layout, period, lines, now)
    return await asyncio.to_thread(_forms, description)


def _forms(description: Description) -> Made:
    from mom.reports.html import html_of  # charts and Typst: loaded when the first report is made
    from mom.reports.pdf import pdf_of

    return Made(description, html_of(description), html_of(description, pictures=False), pdf_of(description))


def _keep(run: ReportRun, made: Made, now: datetime) -> None:
    run.html, run.pdf, run.status, run.made_at = made.html, made.pdf, "made", now
    run.facts = {"answer": made.description.answer, "period": made.description.period}


async def _write(
    session: AsyncSession, row: ReportRun, content: ReportRun, made: Made, now: datetime, settings: Settings
) -> None:
    name = f"{row.report}-{row.period[:16].replace(':', '')}.pdf"
    key = f"report:{row.site_id}:{row.report}:{row.period}:{sha256(row.recipient.encode()).hexdigest()[:16]}"
    await write_email(
        session,
        site_id=row.site_id,
        key=key,
        to=row.recipient,
        subject=f"{made.description.title}, {made.description.period}",
        text=f"{made.description.as_text()}\n\n{settings.base_url}/reports",
        html=made.mail,
        attachments={name: {"report_run": content.id, "form": "pdf"}},
        now=now,
    )


async def last_period(session: AsyncSession, report: Report, site_id: int, at: datetime) -> tuple[Layout, Period]:
    """The last period of a site that ended at or before `at`. Raises BadInput when there is none."""
    layout = await layout_of(session, site_id)
    periods = report.periods(layout, Window(at - CATCH_UP, at))
    if not periods:
        raise BadInput(f"No {report.name} ended in the week before {at:%Y-%m-%d %H:%M}.", remedy="Give another --at.")
    return layout, periods[-1]
