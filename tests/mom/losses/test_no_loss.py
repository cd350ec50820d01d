"""A stop that is none of the machine's: in a change-over that counts tell of, and while no order is on the line."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Loss

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
MINUTE = 60


async def found(works: Any, seconds: float, rule: str) -> list[Loss]:
    while await keep_up(works.store, START + timedelta(seconds=seconds)):
        pass
    async with works.store.read() as session:
        current = select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == rule).order_by(Loss.started_at)
        return list(await session.scalars(current))


def without_mode(plant: dict[str, Any]) -> list[dict[str, Any]]:
    connectors = deepcopy(plant["connectors"])
    for connector in connectors:
        connector["tags"] = [tag for tag in connector["tags"] if tag["meaning"] != "set_up"]
    return connectors


def pieces(first: int, last: int, before: int = 0) -> list[tuple[Any, ...]]:
    return [("filler.good", at, before + 30 * n) for n, at in enumerate(range(first, last + 1, MINUTE))]


async def test_a_stop_in_a_change_over_that_counts_tell_of(make_works: Any, plant_file: dict[str, Any]) -> None:
    works = await make_works([("connectors", without_mode(plant_file))])
    await works.put(("line.product", 0, 1), ("filler.state", 0, 1), *pieces(0, 1800))
    await works.put(("filler.state", 1800, 6), ("filler.reason", 1830, 10))
    (stop,) = await found(works, 3000, "stop")
    assert (stop.kind, stop.ended_at) == ("breakdown", None)
    await works.put(("line.product", 3600, 2), ("filler.state", 5400, 1), *pieces(5400, 6000, 900))
    (loss,) = await found(works, 6060, "set_up")
    assert (loss.started_at, loss.ended_at) == (START + timedelta(seconds=1800), START + timedelta(seconds=5400))
    assert (loss.figures["from"], loss.figures["to"], loss.seconds) == ("A", "B", 2400)
    assert [ref.partition(":")[0] for ref in loss.evidence] == ["run"]
    assert await found(works, 6060, "stop") == []


async def test_a_stop_without_an_order_is_lost_from_when_there_is_one(works: Any) -> None:
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("line.order", 3000, 0))
    await works.put(("filler.state", 3600, 6))
    assert await found(works, 4000, "stop") == []
    await works.put(("line.order", 6000, 4712), ("filler.state", 7200, 1))
    (loss,) = await found(works, 7300, "stop")
    assert (loss.kind, loss.seconds) == ("unclassified", 1200)


async def test_a_stop_whose_cause_is_known_is_a_loss_also_without_an_order(works: Any) -> None:
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("line.order", 3000, 0))
    await works.put(("filler.state", 3600, 2), ("filler.reason", 3630, 10), ("filler.state", 7200, 1))
    (loss,) = await found(works, 7300, "stop")
    assert (loss.kind, loss.seconds) == ("breakdown", 3600)


async def test_an_order_whose_end_comes_late_takes_back_later_shifts_stops_too(works: Any) -> None:
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1))
    await works.put(("filler.state", 9 * 3600, 6), ("filler.state", 10 * 3600, 1))
    assert len(await found(works, 11 * 3600, "stop")) == 1
    await works.put(("line.order", 3600, 0))
    assert await found(works, 11 * 3600, "stop") == []


async def test_what_stands_as_planned_time_ends_is_put_down_for_the_night_what_stood_before_is_not(works: Any) -> None:
    late_ends = 15 * 3600
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("packer.state", 0, 1))
    await works.put(("filler.state", late_ends - 1, 6), ("packer.state", late_ends - 600, 2))
    (stop,) = await found(works, late_ends + 4000, "stop")
    assert stop.title.startswith("Packer")
