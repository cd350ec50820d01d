"""TRUST A8: shifts and days are exact on both nights on which the clocks change."""

from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from mom.facts import Window
from mom.history.calendar import days_of, planned, shifts_of
from mom.plant.schema import Calendar

ZONE = ZoneInfo("Europe/Vienna")
CALENDAR = Calendar.model_validate(
    {
        "shifts": [
            {"name": "early", "start": "06:00", "end": "14:00"},
            {"name": "late", "start": "14:00", "end": "22:00"},
            {"name": "night", "start": "22:00", "end": "06:00"},
        ],
        "rotation": {"crews": ["A", "B", "C", "D"], "anchor": "2026-01-05", "every": "week"},
        "exceptions": [{"date": "2026-05-01", "shifts": [], "reason": "holiday"}],
    }
)


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-10", 8)])
def test_the_night_shift_is_as_long_as_the_night(night: str, hours: int) -> None:
    start = datetime.fromisoformat(f"{night}T22:00").replace(tzinfo=ZONE)
    found = shifts_of(CALENDAR, ZONE, Window(start, start.replace(hour=23)))
    assert [s.name for s in found] == ["night"]
    assert (found[0].end - found[0].start).total_seconds() == hours * 3600
    assert found[0].end.astimezone(ZONE).time() == time(6, 0)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-10", 24)])
def test_a_day_is_from_midnight_to_midnight(day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZONE)
    (found,) = days_of(ZONE, Window(noon, noon.replace(hour=13)))
    assert found.seconds == hours * 3600


def test_shifts_of_a_week_meet_without_a_hole_or_an_overlap_over_the_change() -> None:
    start = datetime(2026, 10, 22, 6, tzinfo=ZONE)
    found = shifts_of(CALENDAR, ZONE, Window(start, datetime(2026, 10, 29, 6, tzinfo=ZONE)))
    assert len(found) == 21
    assert all(one.end == two.start for one, two in pairwise(found))
    assert sum((s.end - s.start).total_seconds() for s in found) == (7 * 24 + 1) * 3600
    assert len(planned(found)) == 1


def test_crews_move_on_by_one_each_week_and_a_holiday_is_closed() -> None:
    monday = datetime(2026, 1, 5, 6, tzinfo=ZONE)
    first = shifts_of(CALENDAR, ZONE, Window(monday, monday.replace(hour=7)))
    second = shifts_of(CALENDAR, ZONE, Window(monday.replace(day=12), monday.replace(day=12, hour=7)))
    assert (first[0].crew, second[0].crew) == ("A", "B")
    holiday = datetime(2026, 5, 1, 6, tzinfo=ZONE)
    assert [s.name for s in shifts_of(CALENDAR, ZONE, Window(holiday, holiday.replace(hour=23)))] == []
