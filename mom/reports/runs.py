"""Which reports are due, kept as rows: one for each report, period and recipient, made once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.models import ReportRun, Site
from mom.plant.schema import Subscription
from mom.reports.report import Period, Report, period_key
from mom.store.plants import Layout

CATCH_UP = timedelta(days=7)
"""Reports of periods that ended longer ago are not made any more."""
SHARED = ""
"""The recipient of the copy that everybody may open."""


async def note_due(session: AsyncSession, report: Report, layout: Layout, now: datetime) -> int:
    """Write a row for what became due and has none yet; how many. The caller commits. Safe from several at once.

    After a long absence only the last period is sent to its recipients; of the others the shared copy is made and
    their rows are marked `not sent`. At the very first time there is nothing to catch up.
    """
    since = await _last_end(session, report, layout.site.id)
    ended = list(report.periods(layout, Window(max(since or now - CATCH_UP, now - CATCH_UP), now)))
    periods = ended if since else ended[-1:]
    rows = []
    for period in periods:
        status = "due" if period is periods[-1] else "not sent"
        rows.append(_row(report, layout, period, SHARED, "due"))
        rows.extend(_row(report, layout, period, one, status) for one in recipients(layout, report.name))
    if not rows:
        return 0
    found = await session.scalars(
        insert(ReportRun)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["site_id", "report", "period", "recipient"])
        .returning(ReportRun.id)
    )
    return len(found.all())


def subscriptions(layout: Layout, report: str) -> list[Subscription]:
    return [one for one in layout.plant.subscriptions if one.report == report] if layout.plant else []


def recipients(layout: Layout, report: str) -> list[str]:
    """E-mail addresses, each once."""
    return list(dict.fromkeys(address for one in subscriptions(layout, report) for address in one.to))


def lines_for(layout: Layout, report: str, recipient: str) -> Sequence[str]:
    """The paths of the lines that a recipient asked for; none: all."""
    chosen = [one for one in subscriptions(layout, report) if recipient in one.to]
    if not chosen or any(not one.lines for one in chosen):
        return ()
    return tuple(dict.fromkeys(f"{layout.site.code}/{line}" for one in chosen for line in one.lines))


async def claim_due(session: AsyncSession) -> ReportRun | None:
    """The shared row that is due longest, locked until the caller's transaction ends: nobody else makes it."""
    found: ReportRun | None = await session.scalar(
        select(ReportRun)
        .where(ReportRun.status == "due", ReportRun.recipient == SHARED)
        .order_by(ReportRun.to_at, ReportRun.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found


async def waiting_recipients(session: AsyncSession, run: ReportRun) -> Sequence[ReportRun]:
    """The rows of those who get this report by letter."""
    query = select(ReportRun).where(
        ReportRun.site_id == run.site_id,
        ReportRun.report == run.report,
        ReportRun.period == run.period,
        ReportRun.recipient != SHARED,
        ReportRun.status == "due",
    )
    return (await session.scalars(query.order_by(ReportRun.id))).all()


async def fail(session: AsyncSession, run: ReportRun, reason: str, now: datetime) -> None:
    """Mark the report, and those who should get it, as failed with the reason."""
    same = (ReportRun.site_id == run.site_id) & (ReportRun.report == run.report) & (ReportRun.period == run.period)
    await session.execute(
        update(ReportRun)
        .where(same, ReportRun.status == "due")
        .values(status="failed", made_at=now, facts={"error": reason})
    )


async def sites_with_plants(session: AsyncSession) -> list[int]:
    """Sites that a plant file describes: only they have a calendar."""
    return list(await session.scalars(select(Site.id).where(Site.plant != {}).order_by(Site.id)))


async def _last_end(session: AsyncSession, report: Report, site_id: int) -> datetime | None:
    last: datetime | None = await session.scalar(
        select(ReportRun.to_at)
        .where(ReportRun.site_id == site_id, ReportRun.report == report.name, ReportRun.recipient == SHARED)
        .order_by(ReportRun.to_at.desc())
        .limit(1)
    )
    return last


def _row(report: Report, layout: Layout, period: Period, recipient: str, status: str) -> dict[str, object]:
    return {
        "site_id": layout.site.id,
        "report": report.name,
        "period": period_key(layout, period),
        "from_at": period.window.start,
        "to_at": period.window.end,
        "recipient": recipient,
        "status": status,
    }
