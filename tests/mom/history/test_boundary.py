"""Where one shift ends and the next begins."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Loss

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
TWO = 7 * 3600
"""14:00 in Vienna: the late shift begins."""


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
