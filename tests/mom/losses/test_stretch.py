"""From when to when something was too much, told from the noise around."""

from datetime import UTC, datetime, timedelta

import numpy as np

from mom.facts import Window
from mom.losses.stretch import Bin, stretches

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def bins(seed: int, lost: list[float]) -> list[Bin]:
    noise = np.random.default_rng(seed).normal(0, 4, len(lost))
    return [
        Bin(Window(START + i * FIVE, START + (i + 1) * FIVE), 300.0, 300 * s + n)
        for i, (s, n) in enumerate(zip(lost, noise, strict=True))
    ]


def test_a_slow_stretch_is_found_with_its_beginning_and_end() -> None:
    for seed in range(30):
        (found,) = stretches(bins(seed, [0.0] * 40 + [0.12] * 20 + [0.0] * 36), 0.05, 90, 3600)
        assert abs((found.window.start - START) / FIVE - 40) <= 1, f"seed {seed}"
        assert abs((found.window.end - START) / FIVE - 60) <= 1, f"seed {seed}"
        assert found.over, f"seed {seed}"


def test_noise_is_no_stretch() -> None:
    assert [seed for seed in range(30) if stretches(bins(seed, [0.0] * 96), 0.05, 90, 3600)] == []


def test_one_that_goes_on_is_not_over_and_a_short_calm_does_not_part_it() -> None:
    (found,) = stretches(bins(1, [0.0] * 20 + [0.15] * 10 + [0.0] * 4 + [0.15] * 10), 0.05, 90, 3600)
    assert not found.over
    assert len(found.bins) >= 23


def test_two_with_a_long_calm_between_them_are_two() -> None:
    assert len(stretches(bins(1, [0.15] * 10 + [0.0] * 30 + [0.15] * 10), 0.05, 90, 3600)) == 2
