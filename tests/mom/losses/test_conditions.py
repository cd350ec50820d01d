"""Conditions through the store: found, closed, tied to the loss that they are a sign of, and told to people once."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from mom.facts import Window
from mom.history.derive import derive_touched
from mom.history.keep_up import keep_up
from mom.losses.find import find_losses
from mom.losses.spoken import cost_words
from mom.models import Event, Loss
from mom.money.keep import price_all
from mom.store.losses import conditions_in, losses_in

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
HOUR = 3600


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def rows(works: Any, rule: str) -> list[Loss]:
    async with works.store.read() as session:
        query = select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == rule).order_by(Loss.started_at)
        return list(await session.scalars(query))


async def looked(works: Any, seconds: float) -> None:
    """What was put is derived, and losses are looked for in all of it."""
    while (await derive_touched(works.store)).touched:
        pass
    async with works.store.write.begin() as session:
        window = Window(START, at(seconds))
        ids = list(works.applied.equipment.values())
        await find_losses(session, works.site_id, ids, window, at(seconds), wakes=True)


def torque(hours: float, off: Any = lambda hour: 0.0, every: int = 60) -> list[tuple[str, float, float]]:
    """A torque of about 2 Nm, with noise that is the same each time."""
    wobble = (0.02, -0.01, 0.013, -0.02, 0.004, -0.008, 0.011)
    return [
        ("filler.torque", s, 2.0 + wobble[s // every % 7] + off(s / HOUR)) for s in range(0, int(hours * HOUR), every)
    ]


async def test_a_drift_opens_once_and_closes_when_it_is_back(works: Any) -> None:
    drifting = torque(16, lambda hour: 0.2 * (hour - 9) / 3 if 9 <= hour < 12 else 0.0)
    await works.put(("filler.state", 0, 1), ("line.product", 0, 1), *drifting)
    await looked(works, 16 * HOUR)
    (row,) = await rows(works, "drift")
    assert (row.kind, row.title, row.money, row.seconds) == ("drift", "Filler: torque rises", None, 0)
    assert at(8.7 * HOUR) < row.started_at < at(10 * HOUR)
    assert row.ended_at is not None
    assert abs(row.ended_at - at(12 * HOUR)) < timedelta(minutes=30)
    async with works.store.read() as session:
        alerts = list(await session.scalars(select(Event.subject).where(Event.kind == "loss.alert")))
    assert alerts.count(f"loss:{row.id}") == 1


async def test_a_sensor_that_shows_one_value_for_ever_lies(works: Any) -> None:
    given = [(tag, s, 2.01 if s >= 9 * HOUR else value) for tag, s, value in torque(12)]
    await works.put(("filler.state", 0, 1), *given)
    await looked(works, 12 * HOUR)
    (row,) = await rows(works, "lying_sensor")
    assert row.title == "Filler: the sensor of torque stands still"
    assert row.ended_at is None
    assert await rows(works, "drift") == []


async def test_a_counter_that_stands_still_while_its_machine_runs_is_no_slow_running(works: Any) -> None:
    minutes = [*range(60), *range(90, 150)]
    good = [("filler.good", 60 * m, 60 * m if m < 60 else 60 * (m - 30)) for m in minutes]
    await works.put(("filler.state", 0, 1), ("line.product", 0, 1), *good)
    await looked(works, 150 * 60)
    (row,) = await rows(works, "counter_still")
    assert abs(row.started_at - at(HOUR)) <= timedelta(minutes=1)
    assert row.ended_at is not None
    assert abs(row.ended_at - at(1.5 * HOUR)) <= timedelta(minutes=2)
    assert await rows(works, "reduced_speed") == []


async def test_a_silent_link_is_one_row_and_ends(works: Any) -> None:
    await works.put(("filler.state", 0, 1))
    await works.gap(600, None)
    while await keep_up(works.store, at(605)):
        pass
    (row,) = await rows(works, "link_silent")
    assert (row.title, row.ended_at) == ("Line: nothing is heard from plc", None)
    await works.connection.execute("UPDATE gaps SET ended_at = %s", [at(900)])
    await works.put(("filler.state", 900, 1))
    await looked(works, 960)
    (row,) = await rows(works, "link_silent")
    assert row.ended_at == at(900)


async def test_nothing_comes_in_is_told_of_the_first_machine_alone(works: Any) -> None:
    await works.put(("line.product", 0, 1), ("filler.state", 0, 1), ("packer.state", 0, 1))
    await works.put(
        ("filler.state", 600, 4), ("packer.state", 700, 4), ("filler.state", 1800, 1), ("packer.state", 1900, 1)
    )
    await looked(works, 3000)
    (row,) = await rows(works, "starved")
    assert (row.title, row.seconds) == ("Filler: no material at the infeed", 1200)
    assert float(row.units) == 1200  # 60 a minute


async def test_an_alarm_and_the_reason_that_people_give_it_are_one_pattern(works: Any) -> None:
    await works.put(("filler.state", 0, 1))
    for number in range(8):
        begin = 600 + 600 * number
        named = [("filler.reason", begin + 5, 10), ("filler.reason", begin + 40, 0)] if number % 2 == 0 else []
        await works.put(("filler.state", begin, 2), ("filler.alarm", begin, 7), *named)
        await works.put(("filler.state", begin + 40, 1), ("filler.alarm", begin + 40, 0))
    await looked(works, 6000)
    (row,) = await rows(works, "minor_stops")
    assert (row.reason, row.figures["stops"]) == ("jam", 8)


async def test_a_drift_that_ends_with_a_long_stop_is_its_sign_and_no_row_of_its_own(works: Any) -> None:
    drifting = [
        r
        for r in torque(16, lambda hour: 0.3 * (hour - 9) / 3 if 9 <= hour < 12 else 0.0)
        if not 12 * HOUR <= r[1] < 12.5 * HOUR
    ]
    await works.put(("filler.state", 0, 1), ("filler.state", 12 * HOUR, 3), ("filler.state", 12.5 * HOUR, 1), *drifting)
    await looked(works, 16 * HOUR)
    (stop,) = await rows(works, "stop")
    (drift,) = await rows(works, "drift")
    assert drift.symptom_of == stop.id
    async with works.store.read() as session:
        window = Window(START, at(16 * HOUR))
        assert [loss.id for loss, _ in await losses_in(session, works.site_id, window)] == [stop.id]
        assert [loss.id for loss, _ in await conditions_in(session, works.site_id, window)] == [drift.id]


def meter(hours: int, more: Any = lambda hour: 0.0) -> list[tuple[str, float, float]]:
    """About 20 kW, with a few per cent that come and go, and what `more` adds; a total in kWh, by the minute."""
    wobble, total, told = (0.3, -0.2, 0.1, -0.3, 0.2, -0.1), 0.0, []
    for minute in range(60 * hours):
        told.append(("line.energy", 60.0 * minute, round(total, 3)))
        total += (20 + wobble[minute // 30 % 6] + more(minute / 60)) / 60
    return told


async def test_energy_beyond_the_norm_is_one_loss_with_its_kilowatt_hours_and_their_price(make_works: Any) -> None:
    works = await make_works([("costs", {"energy_kwh": 0.2})])
    running = [("filler.state", 0, 1), ("packer.state", 0, 1), ("line.product", 0, 1), ("line.order", 0, 4711)]
    pieces = [("filler.good", 60 * m, 60 * m) for m in range(0, 15 * 60, 2)]
    pressed = [("packer.pressure", 60 * m, 6.0 + 0.01 * (m % 3)) for m in range(15 * 60)]
    more = meter(15, lambda hour: 8.0 if 9 <= hour < 13 else 0.0)
    await works.put(*running, *pieces, *pressed, *torque(15), *more)
    await looked(works, 15 * HOUR)
    (row,) = await rows(works, "energy")
    assert await rows(works, "drift") == [], "one row a trouble"
    assert (row.kind, row.title) == ("energy", "Line: more energy for the same work")
    assert abs(row.started_at - at(9 * HOUR)) <= timedelta(minutes=30)
    assert row.ended_at is not None and abs(row.ended_at - at(13 * HOUR)) <= timedelta(minutes=30)
    assert abs(row.figures["kwh"] - 32) < 2
    async with works.store.write.begin() as session:
        await price_all(session, works.site_id, at(15 * HOUR))
    (row,) = await rows(works, "energy")
    assert row.figures["cost"]["by"] == "meter"
    assert row.money is not None and row.money_low is not None and row.money_high is not None
    assert row.money_low < row.money < row.money_high
    assert row.money_low <= Decimal("6.40") <= row.money_high
    said = cost_words(row, "EUR")
    assert said.startswith("Metered: 32 kWh beyond the norm") and "A good piece took 0.007" in said


async def test_energy_that_stays_within_its_norm_is_no_loss(make_works: Any) -> None:
    works = await make_works([("costs", {"energy_kwh": 0.2})])
    await works.put(("filler.state", 0, 1), ("packer.state", 0, 1), *torque(15), *meter(15, lambda hour: hour % 2))
    await looked(works, 15 * HOUR)
    assert await rows(works, "energy") == []


@pytest.mark.parametrize(("own", "told"), [(8.0, ["Filler"]), (0.0, ["Line"])])
async def test_what_a_machines_own_meter_tells_is_not_the_lines_loss_as_well(
    make_works: Any, plant_file: Any, own: float, told: list[str]
) -> None:
    (connector,) = plant_file["connectors"]
    (line_tag,) = [tag for tag in connector["tags"] if tag["id"] == "line.energy"]
    tags = [*connector["tags"], {**line_tag, "id": "filler.energy", "equipment": "line/filler"}]
    works = await make_works([("costs", {"energy_kwh": 0.2}), ("connectors", [{**connector, "tags": tags}])])
    running = [("filler.state", 0, 1), ("packer.state", 0, 1), ("line.product", 0, 1), ("line.order", 0, 4711)]
    pressed = [("packer.pressure", 60 * m, 6.0 + 0.01 * (m % 3)) for m in range(15 * 60)]
    whole = meter(15, lambda hour: 8.0 if 9 <= hour < 13 else 0.0)
    part = [("filler.energy", at, kwh) for _, at, kwh in meter(15, lambda hour: own if 9 <= hour < 13 else 0.0)]
    await works.put(*running, *pressed, *torque(15), *whole, *part)
    await looked(works, 15 * HOUR)
    assert [row.title.partition(":")[0] for row in await rows(works, "energy")] == told
