from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mom import words

NOW = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (360, "6 min"), (4800, "1 h 20 min"), (7200, "2 h"), (273600, "3 d 4 h"),
     (-90, "-2 min"), (None, "—"), (172799, "2 d")],
)  # fmt: skip
def test_durations(seconds, said):
    assert words.duration(seconds) == said


def test_money_and_numbers():
    assert words.money(Decimal("3180.4"), "EUR") == "€ 3,180"
    assert words.money(2.5, "USD") == "$ 2.50"
    assert words.quantity(1240.2, "bottles") == "1,240 bottles"
    assert (words.number(12.34), words.number(0.0831), words.number(1234567)) == ("12.3", "0.083", "1,234,567")
    assert words.percent(0.8345) == "83.5 %"


def test_times_are_the_plants():
    assert words.time_of(NOW, NOW, VIENNA) == "14:02"
    assert words.time_of(NOW - timedelta(hours=16), NOW, VIENNA) == "yesterday 22:02"
    assert words.time_of(NOW - timedelta(days=5), NOW, VIENNA) == "Tue 17 Nov 14:02"
    assert words.span_of(NOW - timedelta(minutes=42), NOW, NOW, VIENNA) == "13:20 to 14:02"
    assert words.span_of(NOW, None, NOW, VIENNA) == "since 14:02"


def test_a_withheld_figure_says_why():
    figure = {"name": "oee", "value": None, "unit": "1", "missing": ["no state data"]}
    assert words.figure(figure) == "— (no state data)"
    assert words.figure(figure | {"value": 0.8345}) == "83.5 %"
