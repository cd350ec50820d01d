"""Where one shift ends and the next begins."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Link, Loss

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
TWO, TEN = 7 * 3600, 15 * 3600
"""14:00 and 22:00 in Vienna: the late shift begins, and ends; the night is closed."""


async def heard(works: Any, seconds: float) -> None:
    """The machines' source was heard for the last time."""
    async with works.store.write.begin() as session:
        at = START + timedelta(seconds=seconds)
        session.add(Link(site_id=works.site_id, connector="plc", protocol="modbus", since=START, alive_at=at))


async def kept(works: Any, seconds: float) -> list[tuple[Any, ...]]:
    """The current losses of single stops, looked at so many seconds after the start: (start, end, seconds)."""
    now = START + timedelta(seconds=seconds)
    while await keep_up(works.store, now):
        pass
    async with works.store.read() as session:
        query = select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == "stop").order_by(Loss.started_at)
        return [(row.started_at - START, row.ended_at and row.ended_at - START) for row in await session.scalars(query)]


def span(start: float, end: float | None) -> tuple[Any, ...]:
    return timedelta(seconds=start), None if end is None else timedelta(seconds=end)


async def test_a_late_reading_that_joins_stops_over_the_boundary_counts_the_loss_once(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", TWO + 300, 2), ("filler.state", TWO + 1800, 1))
    await works.put(("filler.state", TWO + 3600, 7), ("filler.state", TWO + 4000, 1), ("filler.state", TWO + 5000, 7))
    assert await kept(works, TWO + 7200) == [span(TWO + 300, TWO + 1800)]
    await works.put(("filler.state", TWO - 600, 2))
    assert await kept(works, TWO + 7200) == [span(TWO - 600, TWO + 1800)]


async def test_a_stop_ends_with_planned_time_while_nothing_is_said_of_it(works: Any) -> None:
    await heard(works, TEN + 1200)
    await works.put(("filler.state", 0, 1), ("filler.state", TEN - 3600, 2))
    assert await kept(works, TEN - 60) == [span(TEN - 3600, None)]
    assert await kept(works, TEN + 1200) == [span(TEN - 3600, TEN)]


async def test_a_site_whose_losses_do_not_change_keeps_no_other_waiting(works: Any, make_works: Any) -> None:
    other = await make_works([("site", {"id": "other", "name": "Other"})])
    for site in (works, other):
        await site.put(("filler.state", 0, 1), ("filler.state", 600, 2))
    await heard(works, 610)
    await kept(works, 1000)
    for seconds in (2000, 2001, 3000, 3001):
        await keep_up(works.store, START + timedelta(seconds=seconds))
    async with works.store.read() as session:
        lost = dict((await session.execute(select(Loss.site_id, Loss.seconds))).all())
    assert (lost[works.site_id], lost[other.site_id]) == (10, 2401)
