"""Attendance and work of people, by crew or trade: never by person."""

from mom.papers import Attendance
from mom.store.papers.asked import AskedPapers

TEAM = ("mechanic", "electrician", "maintenance")
"""Trades of the maintenance team, which is the whole site's."""
SPANS = """
SELECT t.kind, t.started_at, coalesce(t.ended_at, :now), sum(t.people), t.trade, t."order"
FROM personnel_times t WHERE {current} AND {where} AND t.started_at < :end AND coalesce(t.ended_at, :now) > :start
GROUP BY 1, 2, 3, 5, 6 ORDER BY 2, 3, 1, 5, 6
"""
TRADES = ", ".join(f"'{trade}'" for trade in TEAM)


async def people_in(asked: AskedPapers) -> tuple[Attendance, ...]:
    where = "{below} AND coalesce(t.trade, '') NOT IN (" + TRADES + ")"
    return tuple(Attendance(*row) for row in await asked.rows(SPANS.replace("{where}", where)))


async def team_in(asked: AskedPapers) -> tuple[Attendance, ...]:
    where = f"t.trade IN ({TRADES}) AND t.kind = 'attendance'"
    return tuple(Attendance(*row) for row in await asked.rows(SPANS.replace("{where}", where)))
