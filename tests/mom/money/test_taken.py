"""What a row says its machine lost, as the replay takes it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mom.facts import CountSpan, Facts, Machine, StopSpan, Window
from mom.models import Loss
from mom.money.taken import is_replayed, taken_by, windows_of

SIX = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MACHINE = Machine(1, "p/l/m", "M", "work_unit", "p/l", 0, True, 60.0, 100)


def facts(**more):
    return Facts("p", ZoneInfo("UTC"), "EUR", MACHINE, Window(SIX, SIX + 24 * HOUR), SIX + 24 * HOUR, **more)


def stop(number, start, seconds=60, reason="jam"):
    return StopSpan(number, start, start + timedelta(seconds=seconds), False, "p/l/m", "Held", reason)


def loss(kind, **more):
    told = {"seconds": 60.0, "reason": "jam", "figures": {}, "started_at": SIX, "ended_at": SIX + HOUR} | more
    return Loss(kind=kind, money=Decimal(1), **told)


def test_a_breakdown_is_the_time_that_it_stood():
    row = loss("breakdown")
    taken, share = taken_by(row, facts(), windows_of(row, SIX + 24 * HOUR))
    assert taken.stood == (Window(SIX, SIX + HOUR),)
    assert share == 1.0


def test_a_stop_that_lasts_is_taken_up_to_now():
    assert windows_of(loss("breakdown", ended_at=None), SIX + 2 * HOUR) == [Window(SIX, SIX + 2 * HOUR)]


def test_of_a_pattern_only_its_own_reason_counts_and_only_what_is_beyond_the_usual():
    inside = [stop(i, SIX + timedelta(minutes=5 * i)) for i in range(10)]
    outside = [stop(20 + i, SIX + 3 * HOUR + i * 4 * HOUR) for i in range(5)]
    other = [stop(40, SIX + timedelta(minutes=7), reason="glue"), stop(41, SIX + timedelta(minutes=8), 400)]
    row = loss("minor_stops")
    taken, share = taken_by(row, facts(stops=(*inside, *outside, *other)), windows_of(row, SIX + 24 * HOUR))
    assert len(taken.stood) == 10
    assert share == pytest.approx(1 - (5 / 23) / 10)


def test_scrap_is_what_is_thrown_out_beyond_the_usual_share():
    counts = tuple(
        CountSpan(i, SIX + i * HOUR, SIX + (i + 1) * HOUR, "p/l/m", 1000, 900 if i == 0 else 990, 0, scrap_by={"jam": 100.0 if i == 0 else 10.0})
        for i in range(10)
    )  # fmt: skip
    row = loss("scrap")
    taken, _ = taken_by(row, facts(counts=counts), windows_of(row, SIX + 24 * HOUR))
    assert taken.scrapped[0][1] == pytest.approx(100 - 0.01 * 1000)


def test_a_condition_has_no_price():
    assert not is_replayed(loss("drift"))
    assert not is_replayed(loss("energy")), "it is metered"
    assert is_replayed(loss("scrap"))


def test_the_last_part_of_what_lasts_ends_now():
    part = {"shift": SIX.isoformat(), "from": SIX.isoformat(), "to": SIX.isoformat(), "seconds": 1.0, "units": 0.0,
            "money": "1", "evidence": [], "figures": {}}  # fmt: skip
    row = loss("reduced_speed", ended_at=None, figures={"parts": [part]})
    assert windows_of(row, SIX + HOUR) == [Window(SIX, SIX + HOUR)]
