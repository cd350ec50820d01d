"""When a measured quantity left its norm: found soon after it could be told, and not where nothing moved."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from mom.facts import RunSpan
from mom.history.values import MINUTE, Means
from mom.losses.course import course_of, energy_course
from mom.losses.norm import Departure

SLOT, HOUR = 5 * MINUTE, 60 * MINUTE
SEEDS = range(20)
Moved = Callable[[np.ndarray], np.ndarray]


def means(seed: int, moved: Moved, days: float = 3.0, swing: float = 2.0) -> Means:
    """A quantity about 50 with spread 1, eight readings to a mean, a warm afternoon, and what `moved` adds by the hour."""
    draw = np.random.default_rng(seed)
    at = np.arange(int(days * 288), dtype=np.int64) * SLOT
    at = at[draw.random(len(at)) > 0.15]
    hour = at / HOUR
    value = 50 + swing * np.sin(2 * np.pi * hour / 24) + moved(hour) + draw.normal(0, 8**-0.5, len(at))
    n, one = np.full(len(at), 8), np.ones(len(at))
    return Means(
        at, n, value, value, value, value, value, n, value, draw.uniform(0.8, 1.2, len(at)), one, np.ones((len(at), 3))
    )


def ramp(start: float, end: float, size: float) -> Moved:
    return lambda hour: np.where((hour >= start) & (hour < end), size * (hour - start) / (end - start), 0.0)


def step(start: float, end: float, size: float) -> Moved:
    return lambda hour: np.where((hour >= start) & (hour < end), size, 0.0)


def departures(seed: int, moved: Moved, runs: Sequence[RunSpan] = ()) -> list[Departure]:
    return list(course_of(means(seed, moved), runs).departures)


RUNS = tuple(
    RunSpan(n, datetime.fromtimestamp(3600 * start, UTC), datetime.fromtimestamp(3600 * (start + 10), UTC), False, str(n), "AB"[n % 2])
    for n, start in enumerate((0, 24, 34, 44, 54, 64))
)  # fmt: skip
"""Product A for a day, then B and A by turns, ten hours each."""


def with_b(size: float) -> Moved:
    """What product B adds."""
    return lambda hour: np.where((hour >= 24) & ((hour - 24) // 10 % 2 == 0), size, 0.0)


@pytest.mark.parametrize("size", [1.5, 6.0, -15.0])
def test_a_product_of_which_another_value_is_normal_is_no_departure(size: float) -> None:
    found = [(seed, one) for seed in SEEDS for one in departures(seed, with_b(size), RUNS)]
    assert not found, f"seeds {SEEDS}"


def test_without_its_product_it_would_be_one() -> None:
    assert all(departures(seed, with_b(6.0)) for seed in SEEDS), f"seeds {SEEDS}"


@pytest.mark.parametrize("start", [37.0, 46.0])
def test_a_drift_shows_whatever_product_is_on(start: float) -> None:
    drifts, other = ramp(start, start + 6, 9.0), with_b(6.0)
    rises = 0
    for seed in SEEDS:
        (found,) = departures(seed, lambda hour: drifts(hour) + other(hour), RUNS)
        assert start < found.told / HOUR < start + 3.2, f"seed {seed}"
        rises += found.rises
    assert rises >= 0.8 * len(SEEDS), f"seeds {SEEDS}"


@pytest.mark.parametrize(("more", "leaks"), [(1.25, 1.0), (1.0, 1.3), (1.25, 1.3), (0.8, 1.3)])
def test_energy_of_a_product_that_takes_more_is_no_leak_and_hides_none(more: float, leaks: float) -> None:
    for seed in SEEDS:
        draw = np.random.default_rng(seed)
        at = np.arange(3 * 288, dtype=np.int64) * SLOT
        share = np.clip(draw.normal(0.85, 0.1, len(at)), 0, 1)
        factor = np.where(with_b(1.0)(at / HOUR) > 0, more, 1.0) * np.where(
            (at > 47 * HOUR) & (at < 53 * HOUR), leaks, 1.0
        )
        total, n = np.cumsum((2 * share + 0.3) * factor), np.full(len(at), 5)
        one = Means(at, n, share, share, share, share, share, n, share, share, share, np.ones((len(at), 3)))
        meter = Means(at, n, total, total, total, total, total, n, total, total, share, np.ones((len(at), 3)))
        found = energy_course(meter, [one], RUNS).departures
        assert len(found) == (leaks > 1), f"seed {seed}"
        assert all(43.5 <= departure.start / HOUR <= 49 for departure in found), f"seed {seed}"


def test_what_does_not_move_never_departs() -> None:
    assert sum(len(departures(seed, lambda hour: 0 * hour)) for seed in SEEDS) == 0, f"seeds {SEEDS}"


@pytest.mark.parametrize("size", [8.0, -12.0])
def test_a_drift_is_told_about_when_it_lies_three_spreads_off_and_ends_with_it(size: float) -> None:
    for seed in SEEDS:
        (found,) = departures(seed, ramp(40, 46, size))
        could = 40 + 6 * 3 / abs(size)
        assert 40 < found.told / HOUR < could + 0.4, f"seed {seed}"
        assert found.end is not None, f"seed {seed}"
        assert abs(found.end / HOUR - 46) < 0.6, f"seed {seed}"
        assert found.size * size > 0, f"seed {seed}"


def test_a_step_is_no_drift() -> None:
    found = [one for seed in SEEDS for one in departures(seed, step(40, 46, 6.0))]
    assert len(found) == len(SEEDS), f"seeds {SEEDS}"
    assert sum(one.rises for one in found) <= 1, f"seeds {SEEDS}"


def test_nothing_is_said_before_enough_was_seen() -> None:
    few = means(1, ramp(2, 4, 30), days=0.2)
    assert course_of(few).departures == ()


def test_energy_is_held_against_which_machines_ran() -> None:
    draw = np.random.default_rng(4)
    at = np.arange(3 * 288, dtype=np.int64) * SLOT
    shares = [np.clip(draw.normal(0.85, 0.1, len(at)), 0, 1) for _ in range(3)]
    drawn = sum(kw * share for kw, share in zip((1.0, 2.0, 0.5), shares, strict=True)) + 0.3
    more = np.where((at > 40 * HOUR) & (at < 46 * HOUR), 1.3, 1.0)
    total, n = np.cumsum(drawn * more), np.full(len(at), 5)
    columns = [Means(at, n, s, s, s, s, s, n, s, s, s, np.ones((len(at), 3))) for s in shares]
    meter = Means(at, n, total, total, total, total, total, n, total, total, shares[0], np.ones((len(at), 3)))
    (found,) = energy_course(meter, columns).departures
    assert 40 <= found.start / HOUR <= 41.5
    assert found.end is not None
    assert 45 <= found.end / HOUR <= 48
