"""From the telling reading to a loss row: opened, named, closed, folded away, told to listeners."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Event, Loss

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def keep(works: Any, seconds: float) -> None:
    while await keep_up(works.store, at(seconds)):
        pass


async def losses(works: Any, *, current: bool = True) -> list[Loss]:
    async with works.store.read() as session:
        query = select(Loss).order_by(Loss.id)
        return list(await session.scalars(query.where(Loss.superseded_at.is_(None)) if current else query))


async def events(works: Any) -> list[str]:
    async with works.store.read() as session:
        return list(await session.scalars(select(Event.kind).where(Event.kind.like("loss.%")).order_by(Event.id)))


@pytest.fixture
async def running(works: Any) -> Any:
    """The line makes product A, filler and packer run."""
    await works.put(
        ("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("packer.state", 0, 1), wakes=False
    )
    await keep(works, 1)
    return works


async def test_a_stop_at_the_constraint_opens_is_named_and_closed_as_one_row(running: Any) -> None:
    await running.put(("filler.state", 600, 2))
    await keep(running, 602)
    (opened,) = await losses(running)
    assert (opened.kind, opened.reason, opened.ended_at) == ("unclassified", "", None)
    await running.put(("filler.reason", 700, 10))
    await keep(running, 701)
    await running.put(("filler.state", 1200, 1), ("filler.reason", 1200, 0))
    await keep(running, 1201)
    (closed,) = await losses(running)
    assert closed.id == opened.id
    assert (closed.kind, closed.reason, closed.seconds) == ("breakdown", "jam", 600)
    assert (closed.started_at, closed.ended_at) == (at(600), at(1200))
    assert (closed.units, closed.money) == (600, Decimal("300.00"))  # 60 a minute, 0.50 each
    assert closed.evidence[0].startswith("stop:")
    assert await events(running) == ["loss.opened", "loss.updated", "loss.alert", "loss.closed"]


async def test_a_stop_that_lasts_grows_in_silence(running: Any) -> None:
    await running.put(("filler.state", 600, 2))
    await keep(running, 602)
    await keep(running, 1800)
    (row,) = await losses(running)
    assert row.seconds == 1200


async def test_minor_stops_are_folded_into_one_row_for_the_pattern(running: Any) -> None:
    for start in (600, 1200, 1800, 2400):
        await running.put(("filler.state", start, 2), ("filler.reason", start + 10, 10))
        await keep(running, start + 11)
        assert [row.rule for row in await losses(running) if row.ended_at is None and row.rule == "stop"] == ["stop"]
        await running.put(("filler.state", start + 60, 1), ("filler.reason", start + 60, 0))
        await keep(running, start + 61)
    (row,) = await losses(running)
    assert (row.rule, row.reason, row.seconds, row.figures["stops"]) == ("minor_stops", "jam", 240, 4)
    assert (row.units, row.money) == (240, Decimal("120.00"))
    everything = await losses(running, current=False)
    assert [r.rule for r in everything if r.superseded_at is not None] == ["stop"] * 4


async def test_what_buffers_absorb_costs_the_line_nothing_and_what_blocks_the_constraint_does(running: Any) -> None:
    await running.put(
        ("packer.state", 600, 3),
        ("packer.reason", 600, 11),
        ("packer.state", 1000, 1),
        ("packer.reason", 1000, 0),
    )
    await running.put(
        ("packer.state", 3000, 3),
        ("packer.reason", 3000, 11),
        ("filler.state", 3100, 5),
        ("packer.state", 3600, 1),
        ("packer.reason", 3600, 0),
        ("filler.state", 3610, 1),
    )
    await keep(running, 4000)
    absorbed, felt = [row for row in await losses(running) if row.rule == "stop"]
    assert (absorbed.seconds, absorbed.units, absorbed.money) == (400, 0, Decimal("0.00"))
    assert (felt.seconds, felt.units, felt.money) == (600, 510, Decimal("255.00"))
    assert felt.figures["line_seconds"] == 510


async def test_scrap_costs_material_and_behind_the_constraint_the_piece(running: Any) -> None:
    await running.put(("packer.good", 60, 0), ("packer.scrap", 60, 0))
    await running.put(*[("packer.good", 60 * n, 50 * n) for n in range(2, 30)], ("packer.scrap", 1800, 40))
    await keep(running, 1900)
    (row,) = [row for row in await losses(running) if row.rule == "scrap"]
    assert (row.reason, row.units, row.money) == ("torn", 40, Decimal("28.00"))


async def test_slow_running_is_found_against_the_standard_and_a_change_over_against_its_own(running: Any) -> None:
    good = [("filler.good", 60 * n, 50 * n) for n in range(1, 121)]
    await running.put(*good)
    await running.put(
        ("filler.state", 7200, 6), ("filler.set_up", 7200, 1), ("filler.set_up", 9600, 0), ("filler.state", 9600, 1)
    )
    await running.put(("line.order", 9600, 4712), ("line.product", 9600, 2), ("packer.state", 9600, 1))
    await keep(running, 10_000)
    found = {row.rule: row for row in await losses(running)}
    slow, long = found["reduced_speed"], found["set_up"]
    assert abs(slow.seconds - 7200 / 6) < 70
    assert (long.seconds, long.units, long.money) == (
        1200,
        600,
        Decimal("600.00"),
    )  # 40 min, 20 are standard; B: 30/min, 1.00
    assert long.figures["from"] == "A"
    assert long.figures["to"] == "B"


async def test_a_loaded_past_makes_rows_and_wakes_nobody(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 600, 2), ("filler.state", 1600, 1), wakes=False)
    await keep(works, 5000)
    (row,) = await losses(works)
    assert row.seconds == 1000
    assert await events(works) == []


async def test_a_trouble_that_goes_on_for_days_is_one_row_and_late_readings_correct_it(running: Any) -> None:
    day = 86_400
    for number in range(4):
        for start in (600, 1200, 1800):
            begin = number * day + start
            await running.put(
                ("filler.state", begin, 2), ("filler.reason", begin, 10), ("filler.state", begin + 50, 1), ("filler.reason", begin + 50, 0)
            )  # fmt: skip
        await keep(running, number * day + 3000)
    (row,) = await losses(running)
    assert (len(row.figures["parts"]), row.seconds, row.ended_at) == (4, 600, None)
    await running.put(("filler.state", day + 620, 1))
    await keep(running, 3 * day + 4000)
    (again,) = await losses(running)
    assert (again.id, again.seconds) == (row.id, 570)


async def test_two_processes_at_once_find_each_loss_once(running: Any) -> None:
    import asyncio

    for start in range(600, 8000, 1000):
        await running.put(("filler.state", start, 2), ("filler.state", start + 500, 1))
    for _ in range(5):
        await asyncio.gather(*[keep_up(running.store, at(9000)) for _ in range(4)])
    rows = await losses(running)
    assert len(rows) == len({row.key for row in rows}) == 8


async def test_a_line_whose_last_machine_is_blocked_has_one_row_for_what_comes_from_outside(running: Any) -> None:
    await running.put(("packer.state", 600, 5), ("filler.state", 700, 5))
    await keep(running, 602)
    (opened,) = await losses(running)
    assert (opened.rule, opened.ended_at, opened.alerted_at) == ("blocked", None, None), "a row from its first second"
    await keep(running, 1000)
    (grown,) = await losses(running)
    assert (grown.id, grown.seconds) == (opened.id, 400), "it grows in silence"
    assert grown.alerted_at is not None
    await running.put(("packer.state", 1800, 1), ("filler.state", 1810, 1))
    await keep(running, 2500)
    (row,) = await losses(running)
    assert (row.id, row.kind, row.ended_at, row.seconds) == (opened.id, "blocked", at(1800), 1200)
    assert row.title == "Packer: blocked from outside the line: nothing takes its pieces away"
    assert (row.units, row.money) == (1110, Decimal("555.00")), "the constraint waited for it from 700 to 1810"
    assert row.figures["origin"] == "outside the line"


async def test_a_last_machine_that_is_blocked_for_moments_or_by_its_own_stop_is_no_row(running: Any) -> None:
    await running.put(("packer.state", 600, 5), ("packer.state", 700, 1))
    await running.put(
        ("filler.state", 3000, 5), ("packer.state", 2900, 2), ("packer.state", 3700, 1), ("filler.state", 3710, 1)
    )
    await keep(running, 4000)
    assert [row.rule for row in await losses(running)] == ["stop"]
    everything = await losses(running, current=False)
    assert all(row.superseded_at is not None for row in everything if row.rule == "blocked")


async def test_a_change_over_that_becomes_long_is_told_though_nothing_is_heard(running: Any) -> None:
    await running.put(("filler.state", 600, 6), ("filler.set_up", 600, 1))
    await keep(running, 602)
    await keep(running, 600 + 22 * 60)  # 20 min are its standard, and it may take three more
    assert await losses(running) == []
    await keep(running, 600 + 23 * 60 + 15)
    (row,) = await losses(running)
    assert (row.rule, row.ended_at, row.started_at) == ("set_up", None, at(600))
