"""Words about time become windows of the plant, over changes of the clocks too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mom.plant.schema import Calendar
from tools.moments import Moments
from tools.when import current, understand

VIENNA = ZoneInfo("Europe/Vienna")
CALENDAR = Calendar.model_validate(
    {
        "shifts": [
            {"name": "early", "start": "06:00", "end": "14:00"},
            {"name": "late", "start": "14:00", "end": "22:00"},
            {"name": "night", "start": "22:00", "end": "06:00"},
        ],
        "rotation": {"crews": ["A", "B", "C"], "anchor": "2026-01-05"},
    }
)
WEDNESDAY = Moments(datetime(2026, 11, 18, 16, 20, tzinfo=VIENNA).astimezone(UTC), VIENNA, CALENDAR)


def windows(text: str, moments: Moments = WEDNESDAY) -> list[str]:
    found = understand(text, moments)
    return [
        f"{w.window.start.astimezone(VIENNA):%d.%m %H:%M}-{w.window.end.astimezone(VIENNA):%d.%m %H:%M}" for w in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday's late shift", "17.11 14:00-17.11 22:00"),
        ("the late shift of yesterday", "17.11 14:00-17.11 22:00"),
        ("late shift on Monday", "16.11 14:00-16.11 22:00"),
        ("last monday's early shift", "16.11 06:00-16.11 14:00"),
        ("what did the night shift lose", "17.11 22:00-18.11 06:00"),
        ("late shift", "18.11 14:00-18.11 16:20"),
        ("last late shift", "17.11 14:00-17.11 22:00"),
        ("this shift", "18.11 14:00-18.11 16:20"),
        ("the last shift", "18.11 06:00-18.11 14:00"),
        ("shift before last", "17.11 22:00-18.11 06:00"),
        ("last three shifts", "17.11 14:00-18.11 14:00"),
        ("the morning shift", "18.11 06:00-18.11 14:00"),
        ("last night", "17.11 22:00-18.11 06:00"),
        ("since 6", "18.11 06:00-18.11 16:20"),
        ("since 6:30 am", "18.11 06:30-18.11 16:20"),
        ("since 18:00", "17.11 18:00-18.11 16:20"),
        ("since yesterday 14:00", "17.11 14:00-18.11 16:20"),
        ("since Monday", "16.11 00:00-18.11 16:20"),
        ("between 8 and 10:30", "18.11 08:00-18.11 10:30"),
        ("from 22 to 2", "17.11 22:00-18.11 02:00"),
        ("yesterday from 6 to 10", "17.11 06:00-17.11 10:00"),
        ("at 14:02", "18.11 13:32-18.11 14:32"),
        ("yesterday at 14:02", "17.11 13:32-17.11 14:32"),
        ("tomorrow at 8", "19.11 08:00-19.11 09:00"),
        ("the last 8 hours", "18.11 08:20-18.11 16:20"),
        ("past 30 minutes", "18.11 15:50-18.11 16:20"),
        ("last 7 days", "11.11 00:00-18.11 16:20"),
        ("today", "18.11 00:00-18.11 16:20"),
        ("on 2026-11-16", "16.11 00:00-17.11 00:00"),
        ("16 November", "16.11 00:00-17.11 00:00"),
        ("16.11.", "16.11 00:00-17.11 00:00"),
        ("this week", "16.11 00:00-18.11 16:20"),
        ("last week", "09.11 00:00-16.11 00:00"),
        ("the week before last", "02.11 00:00-09.11 00:00"),
        ("last month", "01.10 00:00-01.11 00:00"),
        ("in October", "01.10 00:00-01.11 00:00"),
        ("this morning", "18.11 05:00-18.11 12:00"),
        ("2026-11-17T14:00:00+01:00/2026-11-17T22:00:00+01:00", "17.11 14:00-17.11 22:00"),
    ],
)
def test_one_window(text, expected):
    assert windows(text) == [expected]


def test_two_windows_in_their_order():
    assert windows("compare this week with last week") == ["16.11 00:00-18.11 16:20", "09.11 00:00-16.11 00:00"]
    assert windows("was today better than yesterday") == ["18.11 00:00-18.11 16:20", "17.11 00:00-18.11 00:00"]


@pytest.mark.parametrize(
    "text", ["how is line 1 now", "31 February", "since 99", "what cost most", "the 2 fillers", ""]
)
def test_no_window(text):
    assert windows(text) == []


@pytest.mark.parametrize(
    ("now", "hours"),
    [(datetime(2026, 3, 29, 12, tzinfo=VIENNA), 7), (datetime(2026, 10, 25, 12, tzinfo=VIENNA), 9)],
    ids=["clocks forward", "clocks back"],
)
def test_the_night_in_which_the_clocks_change(now, hours):
    moments = Moments(now.astimezone(UTC), VIENNA, CALENDAR)
    night = understand("last night", moments)[0].window
    assert night.seconds == hours * 3600
    assert understand("today", moments)[0].window.seconds == (12 - (8 - hours)) * 3600


def test_without_a_time_the_running_shift_is_meant():
    assert current(WEDNESDAY).label == "late shift, since 14:00"
    assert current(Moments(WEDNESDAY.now, VIENNA, None)).label == "last 8 h, since 08:20"
