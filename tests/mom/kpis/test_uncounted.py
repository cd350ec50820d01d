"""A counter that tells badly: its pieces are not known, so nothing is said of quality, OEE and speed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.board import kpis
from mom.models import Loss
from mom.status import BAD

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
HOUR = 3600


async def figures_of(works: Any, hours: float, equipment: str = "Filler") -> dict[str, Any]:
    window = Window(START, START + timedelta(hours=hours))
    async with works.store.read() as session:
        return {f.name: f for f in await kpis(session, equipment, window, window.end)}


async def slow(works: Any) -> list[Loss]:
    async with works.store.read() as session:
        return list(
            await session.scalars(select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == "reduced_speed"))
        )


@pytest.fixture
async def blind(works: Any) -> Any:
    """The filler runs for four hours; its counter is good in the first, and bad from then on."""
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("packer.state", 0, 1))
    await works.put(*[("filler.good", 60 * n, 60 * n) for n in range(61)], ("filler.good", HOUR + 5, 0, BAD))
    await works.put(("filler.state", 4 * HOUR, 1))
    while await keep_up(works.store, START + timedelta(hours=4)):
        pass
    return works


@pytest.mark.parametrize("equipment", ["Filler", "L1"])
async def test_what_pieces_go_into_is_withheld_and_nothing_else(blind: Any, equipment: str) -> None:
    found = await figures_of(blind, 4, equipment)
    for name in ("oee", "effectiveness", "produced", "quality_ratio", "throughput"):
        assert found[name].value is None
        assert found[name].missing == ("only 25.0 % of the window was counted, 95 % are needed",)
        assert found[name].coverage == pytest.approx(0.25, abs=0.001)
    assert (found["availability"].value, found["availability"].coverage) == (1, 1)
    assert (await figures_of(blind, 1, equipment))["oee"].value == pytest.approx(1)
    assert await slow(blind) == []


async def test_when_the_counter_is_good_again_figures_are_too(blind: Any) -> None:
    await blind.put(*[("filler.good", 4 * HOUR + 60 * n, 4 * HOUR + 60 * n) for n in range(61)])
    await blind.put(("filler.state", 5 * HOUR, 1))
    while await keep_up(blind.store, START + timedelta(hours=5)):
        pass
    assert await slow(blind) == []
    window = Window(START + timedelta(hours=4, minutes=1), START + timedelta(hours=5))
    async with blind.store.read() as session:
        found = {f.name: f for f in await kpis(session, "Filler", window, window.end)}
    assert (found["oee"].value, found["oee"].coverage) == (pytest.approx(1), 1)


async def test_a_gap_of_the_counter_alone_counts_too_and_a_standing_machine_has_nothing_to_count(works: Any) -> None:
    await works.put(
        ("filler.state", 0, 1), ("filler.good", 0, 0), ("filler.good", 1800, 1800), ("filler.state", 3600, 2)
    )
    await works.put(("filler.good", 3600, 0, BAD), ("filler.state", 7200, 2))
    await works.gap(600, 1200, "filler.good")
    while await keep_up(works.store, START + timedelta(hours=2)):
        pass
    assert (await figures_of(works, 2))["produced"].coverage == pytest.approx(1 - 600 / 7200)


async def test_a_counter_that_was_bad_before_the_window_is_bad_in_it(blind: Any) -> None:
    window = Window(START + timedelta(hours=2), START + timedelta(hours=3))
    async with blind.store.read() as session:
        found = {f.name: f for f in await kpis(session, "Filler", window, START + timedelta(hours=4))}
    assert (found["produced"].value, found["produced"].coverage) == (None, 0)
    assert found["availability"].value == 1
