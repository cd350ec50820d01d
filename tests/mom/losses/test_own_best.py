"""Slower than its own best: a machine above its standard that was faster for the same product in the weeks before."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from mom.facts import Window
from mom.history.derive import derive_touched
from mom.losses.find import find_losses
from mom.models import Loss
from mom.store.own_best import own_best_in

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
DAY = 24 * 60


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def counted(rates: list[float]) -> list[tuple[str, float, float]]:
    """A total that rises by so many pieces in each minute."""
    total = np.concatenate(([0.0], np.cumsum(rates)))
    return [("filler.good", 60.0 * minute, float(round(some))) for minute, some in enumerate(total)]


def wavering(seed: int, days: int, rate: float, spread: float) -> list[float]:
    """A speed that wavers from half hour to half hour."""
    draw = np.random.default_rng(seed)
    return [float(v) for v in np.repeat(draw.normal(rate, spread * rate, days * 48), 30)]


@pytest.fixture
async def found(works: Any) -> Any:
    async def look(rates: list[float], products: tuple[tuple[float, int], ...] = ((0, 1),)) -> list[Loss]:
        told = [("line.product", 60 * minute, product) for minute, product in products]
        await works.put(("filler.state", 0, 1), ("line.order", 0, 4711), *told, *counted(rates), wakes=False)
        while (await derive_touched(works.store)).touched:
            pass
        async with works.store.write.begin() as session:
            ids = list(works.applied.equipment.values())
            await find_losses(session, works.site_id, ids, Window(START, at(len(rates))), at(len(rates)), wakes=False)
        async with works.store.read() as session:
            query = select(Loss).where(Loss.superseded_at.is_(None), Loss.kind == "reduced_speed")
            return list(await session.scalars(query.order_by(Loss.started_at)))

    return look


async def test_what_it_does_within_the_standard_but_well_below_its_own_best_is_told_with_the_figure(found: Any) -> None:
    rates = wavering(7, 4, 66.0, 0.005)  # the standard is 60
    rates[3 * DAY + 60 : 3 * DAY + 300] = [60.6] * 240
    (row,) = await found(rates)
    assert (row.rule, row.title) == ("own_best", "Filler: slower than its own best")
    assert abs(row.started_at - at(3 * DAY + 60)) <= timedelta(minutes=15)
    assert row.ended_at is not None and abs(row.ended_at - at(3 * DAY + 300)) <= timedelta(minutes=15)
    assert row.figures["best"].startswith("66")
    assert row.figures["now"].startswith("60.")
    assert abs(row.seconds - 240 * 60 * (1 - 60.6 / 66.2)) < 180
    assert row.money is not None and abs(float(row.money) - 240 * 5.6 * 0.5) < 80


async def test_slower_than_the_standard_is_one_row_by_the_standard(found: Any) -> None:
    rates = wavering(8, 4, 66.0, 0.005)
    rates[3 * DAY + 60 : 3 * DAY + 300] = [51.0] * 240
    assert [row.rule for row in await found(rates)] == ["reduced_speed"]


async def test_a_machine_whose_hours_waver_is_not_told_of_for_it(found: Any) -> None:
    assert await found(wavering(9, 4, 70.0, 0.05)) == []


async def test_another_product_has_a_best_of_its_own(found: Any) -> None:
    """Product B's standard is 30: no hour of it lies below A's best, and it is not known long enough to have its own."""
    rates = [*wavering(10, 3, 66.0, 0.005), *[31.0] * DAY]
    assert await found(rates, ((0, 1), (3 * DAY, 2))) == []


async def test_its_own_best_is_learned_from_every_hour_that_counters_told_and_from_nothing_else(works: Any) -> None:
    """A state that lasts for days, a count over a silence and what another system reported for a shift."""
    await works.put(("filler.state", 0, 1), ("line.product", 0, 1), *counted([66.0] * 2 * DAY), wakes=False)
    while (await derive_touched(works.store)).touched:
        pass
    filler = works.equipment("line/filler")
    for source, key in (("plc", "gap"), ("mes", "shift-1")):
        await works.connection.execute(
            "INSERT INTO counts (site_id, equipment_id, source, key, started_at, ended_at, product, produced, good)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'A', 9000, 9000)",
            [works.site_id, filler, source, key, at(DAY), at(DAY + 120)],
        )
    async with works.store.read() as session:
        best = (await own_best_in(session, {filler: "filler"}, at(2 * DAY)))["filler"]["A"]
    assert best.hours >= 46
    assert best.rate == pytest.approx(66, rel=0.01) and best.wavers < 0.02


async def test_time_in_which_it_made_next_to_nothing_is_not_slower_than_its_own_best(found: Any) -> None:
    rates = wavering(11, 4, 66.0, 0.005)
    rates[3 * DAY + 60 : 3 * DAY + 300] = [2.0] * 240
    assert "own_best" not in [row.rule for row in await found(rates)]
