"""A split says what changed and nothing else; OEE is the standard's."""

from datetime import UTC, datetime, timedelta

import pytest

from mom.changed.compared import compare
from mom.changed.gather import ShiftSide
from mom.changed.side import Lost, Made, Spoilt, Stratum
from mom.facts import Window
from mom.history.classes import TimeClass

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LABEL = Spoilt("works/line-1/labeller", "label")
JAM = Lost("works/line-1/capper", TimeClass.minor_stop, "cap jam")


def shift(day: int, bad: float = 0.02, jam: float = 600.0, pace: float = 1.0) -> ShiftSide:
    """Eight hours, half of what is left product a at 1 piece/s, half product b at 4 pieces/s; `bad`: share of a that is spoilt."""
    half = (28800 - jam) / 2
    made = {
        "a": Made(half, half * pace, {LABEL: half * pace * bad}),
        "b": Made(half, 4 * half * pace, {LABEL: 4 * half * pace * 0.01}),
    }
    ideal = {"a": half * pace, "b": half * pace}
    window = Window(START + timedelta(days=day), START + timedelta(days=day, hours=8))
    return ShiftSide(window, "early", "A", Stratum(28800, {JAM: jam}, made), ideal, 1.0)


def factors(before: dict, after: dict, measure: str = "oee") -> dict[str, float]:
    sides = [[shift(day, **more) for day in days] for days, more in ((range(5), before), (range(7, 12), after))]
    compared = compare(*sides, measure, {}, crews=False)
    assert sum(part.value for part in compared.parts) == pytest.approx(compared.difference, rel=1e-9)
    sums: dict[str, float] = {}
    for part in compared.parts:
        sums[part.factor] = sums.get(part.factor, 0.0) + part.value
    return {name: value for name, value in sums.items() if abs(value) > 1e-12}


def test_oee_is_the_standards_and_scrap_alone_is_scrap():
    found = factors({"bad": 0.02}, {"bad": 0.20})
    availability = (28800 - 600) / 28800
    spoilt = 0.18 / 5  # of all pieces: one in five is of product a
    assert found == pytest.approx({"quality": -availability * spoilt})


def test_jams_alone_are_the_cappers():
    assert set(factors({"jam": 600.0}, {"jam": 3000.0})) == {"lost"}


def test_a_slower_pace_alone_is_speed():
    found = factors({"pace": 1.0}, {"pace": 0.9}, "output")
    assert set(found) == {"pace"}
