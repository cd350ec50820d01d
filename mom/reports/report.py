"""What a report is: its periods, the facts it looks at, and what it says of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.reports.description import Description
from mom.store.plants import Layout


@dataclass(frozen=True, slots=True)
class Period:
    """What one report is about. It is due at its end. `name` and `crew`: for people."""

    window: Window
    name: str
    crew: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`periods`: those that ended in a window, oldest first. `gather` reads, `describe` is a pure function of it."""

    name: str
    title: str
    periods: Callable[[Layout, Window], Sequence[Period]]
    gather: Callable[[AsyncSession, Layout, Period, Sequence[str], datetime], Awaitable[Any]]
    describe: Callable[[Any], Description]


def period_key(layout: Layout, period: Period) -> str:
    """In plant time with its offset: 2026-11-22T14:00+01:00. Unique also in the hour that comes twice."""
    return period.window.start.astimezone(layout.zone).isoformat(timespec="minutes")


async def build(
    session: AsyncSession, report: Report, layout: Layout, period: Period, lines: Sequence[str], now: datetime
) -> Description:
    """The report of `period`, over `lines` (paths; none: all). Raises NotFound, BadInput."""
    return report.describe(await report.gather(session, layout, period, lines, now))
