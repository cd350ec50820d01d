"""Before and after: what may be said, and how often it would be wrong. Random data print their seed."""

import random

import pytest
from scipy.stats import ttest_ind

from mom.effects.compare import BETTER, CANNOT_TELL, NO_CHANGE, WORSE, compare


def days(dice, mean, spread, count):
    return [max(0.0, dice.gauss(mean, spread)) for _ in range(count)]


def test_the_interval_is_welchs():
    dice = random.Random(1)
    before, after = days(dice, 40, 8, 14), days(dice, 25, 15, 11)
    found = compare(before, after)
    reference = ttest_ind(after, before, equal_var=False).confidence_interval(0.90)
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high))
    assert found.difference == pytest.approx(found.after - found.before)


@pytest.mark.parametrize(
    ("before", "after", "target", "verdict"),
    [
        ([40, 42, 38, 41, 39], [10, 12, 9, 11, 8], None, BETTER),
        ([10, 12, 9, 11, 8], [40, 42, 38, 41, 39], None, WORSE),
        ([40, 42, 38, 41, 39], [40, 41, 39, 42, 38], None, NO_CHANGE),
        ([40, 42, 38, 41, 39], [39, 41, 40, 38, 41], 39.9, CANNOT_TELL),
        ([0, 90, 0, 120, 5], [80, 0, 0, 60, 10], 20, CANNOT_TELL),
        ([40, 41], [1, 2, 3, 4], None, CANNOT_TELL),
        ([40, 41, 40], [], None, CANNOT_TELL),
        ([0, 0, 0], [0, 0, 0], None, NO_CHANGE),
        ([5, 5, 5], [0, 0, 0], None, BETTER),
    ],
)
def test_what_is_said(before, after, target, verdict):
    found = compare(before, after, target)
    assert found.verdict == verdict
    assert (found.why == "") == (verdict != CANNOT_TELL)


def test_with_too_few_days_no_difference_is_told():
    found = compare([40, 41], [1, 2])
    assert (found.difference, found.low, found.high) == (None, None, None)


@pytest.mark.parametrize("seed", [11, 12])
def test_the_true_difference_lies_inside_nine_times_of_ten(seed):
    print("seed", seed)
    dice = random.Random(seed)
    inside = 0
    for _ in range(600):
        found = compare([dice.gauss(60, 10) for _ in range(14)], [dice.gauss(45, 20) for _ in range(10)])
        inside += found.low <= -15 <= found.high
    assert 0.87 <= inside / 600 <= 0.93


@pytest.mark.parametrize("seed", [21])
def test_where_nothing_changed_better_is_seldom_said(seed):
    """Of 90 % two-sided, about one in twenty."""
    print("seed", seed)
    dice = random.Random(seed)
    said = [compare(days(dice, 30, 12, 14), days(dice, 30, 12, 14)).verdict for _ in range(600)]
    assert said.count(BETTER) / 600 < 0.08
    assert said.count(WORSE) / 600 < 0.08
