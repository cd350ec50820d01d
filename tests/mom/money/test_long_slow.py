"""A machine that is slow for longer than is replayed at once, in a line whose other machines keep its pace."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Loss
from mom.money.keep import STRETCH, price_next

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
DAYS, CALM = 7, 2
SLOW = 0.8


def worked(day: int) -> list[tuple[int, int]]:
    """Minutes since START: from 05:00 (of the first day 06:00) to 21:00."""
    return [(max(0, 1440 * day - 60), 1440 * day + 900)]


async def test_days_of_slowness_cost_what_the_line_would_have_made_in_them(works: Any) -> None:
    assert timedelta(days=DAYS - CALM) > STRETCH
    told: list[tuple[Any, ...]] = [("line.order", 0, 4711), ("line.product", 0, 1)]
    for name in ("filler", "packer"):
        told.append((f"{name}.good", 0, 0))
        made = 0.0
        for day in range(DAYS):
            for first, last in worked(day):
                told += [(f"{name}.state", 60 * first, 1), (f"{name}.state", 60 * last, 0)]
                for minute in range(first + 1, last + 1):  # the packer could more, and keeps the filler's pace
                    made += 60.0 * (1.0 if day < CALM else SLOW)
                    told.append((f"{name}.good", 60 * minute, round(made)))
    await works.put(*told, wakes=False)
    now = START + timedelta(minutes=worked(DAYS - 1)[-1][1])
    while await keep_up(works.store, now):
        pass
    while await price_next(works.store, now):
        pass
    async with works.store.read() as session:
        slow = (Loss.superseded_at.is_(None), Loss.rule == "reduced_speed")
        rows = list(await session.scalars(select(Loss).where(*slow)))
    assert [row.figures["cost"]["by"] for row in rows] == ["replay"], [row.title for row in rows]
    lost = (DAYS - CALM) * 16 * 3600 * (1 - SLOW)  # one piece a second, 0.50 each
    assert rows[0].units == pytest.approx(lost, rel=0.1)
    assert float(rows[0].money) == pytest.approx(0.5 * lost, rel=0.1)
