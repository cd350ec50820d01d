"""Whether the people behind a figure are enough for it to be told, from who was there."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.kpis.scope import Scope
from mom.people.days import Attended, weeks_of, withheld
from mom.people.policy import members_of_crews, policy_of
from mom.store.papers.people import TEAM
from mom.store.plants import Layout

ROWS = text("""
SELECT started_at, coalesce(ended_at, :now), coalesce(crew, ''), people, equipment, ended_at IS NULL FROM personnel_times
WHERE site_id = :site AND upper_inf(recorded) AND kind = 'attendance' AND coalesce(trade, '') <> ALL(CAST(:team AS text[]))
  AND (equipment = :path OR starts_with(equipment, :below)) AND coalesce(ended_at, :now) > :start
  AND started_at < :end AND started_at > CAST(:start AS timestamptz) - CAST(:longest AS interval)
ORDER BY started_at, id
""")
LONGEST = timedelta(days=31)
"""Nobody is there for longer: what began before is not read. Far more than a shift, as a forgotten clock-out is still in
the figures that are guarded."""


async def people_withheld(
    session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime, scope: Scope
) -> str | None:
    """Why a figure of the people at `path` is not told for this window; None: it is. Where no persons are on record nothing
    leads back to any."""
    if not await members_of_crews(session, layout):
        return None
    if not scope.is_whole:
        return "figures of people are not told by product, order, shift or crew: few were there"
    weeks = weeks_of(layout.zone, window)
    values = {
        "site": layout.site.id,
        "now": now,
        "team": list(TEAM),
        "path": path,
        "below": f"{path}/",
        "longest": LONGEST,
    }
    values |= {"start": weeks[0][0].start, "end": weeks[-1][-1].end}
    rows = [Attended(*row) for row in await session.execute(ROWS, values)]
    return await asyncio.to_thread(withheld, rows, window, layout.zone, policy_of(layout).group_of)
