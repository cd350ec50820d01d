"""Reports that were made, and one of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from mom.errors import NotFound
from mom.models import ReportRun


async def reports_of(session: AsyncSession, site_id: int, limit: int = 60) -> Sequence[ReportRun]:
    """The shared copies, newest period first, without their bodies."""
    query = select(ReportRun).where(ReportRun.site_id == site_id, ReportRun.recipient == "")
    light = query.options(defer(ReportRun.html), defer(ReportRun.pdf), defer(ReportRun.facts))
    return (await session.scalars(light.order_by(ReportRun.to_at.desc(), ReportRun.id.desc()).limit(limit))).all()


async def report_of(session: AsyncSession, report_id: int, site_id: int) -> ReportRun:
    """Raises NotFound."""
    found = await session.get(ReportRun, report_id)
    if found is None or found.site_id != site_id:
        raise NotFound(f"There is no report {report_id}.")
    return found
