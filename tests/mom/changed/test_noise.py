"""Shifts that only go up and down by chance are called noise; a real fall is not; few shifts say nothing."""

import random

from mom.changed.noise import spread


def series(draw: random.Random, shifts: int, alike: float) -> list[float]:
    """Shifts with mean 0 and spread 1; `alike`: how much of one is left in the next."""
    values = [draw.gauss(0, 1)]
    while len(values) < shifts:
        values.append(alike * values[-1] + (1 - alike**2) ** 0.5 * draw.gauss(0, 1))
    return values


def test_ordinary_ups_and_downs_are_called_noise():
    draw = random.Random(20)
    for alike, allowed in ((0.0, 0.05), (0.3, 0.08)):
        runs = [series(draw, 28, alike) for _ in range(800)]
        alarms = sum(spread(run[:14], run[14:]).noise is False for run in runs)
        assert alarms / len(runs) <= allowed


def test_a_fall_of_two_spreads_is_seen():
    draw = random.Random(21)
    runs = [(series(draw, 14, 0.0), [value - 2 for value in series(draw, 14, 0.0)]) for _ in range(200)]
    assert sum(spread(*run).noise is False for run in runs) >= 190


def test_two_shifts_say_nothing():
    found = spread([5.0, 6.0], [1.0, 2.0, 3.0])
    assert found.noise is None
    assert found.low is None
    assert found.difference == -3.5


def test_one_shift_is_held_against_the_usual_spread_of_many():
    draw = random.Random(22)
    alarms = [spread(series(draw, 12, 0.0), series(draw, 1, 0.0)).noise is False for _ in range(800)]
    assert sum(alarms) / len(alarms) <= 0.06
    assert spread([10.0, 10.1, 9.9, 10.0, 10.1, 9.9], [6.0]).noise is False
