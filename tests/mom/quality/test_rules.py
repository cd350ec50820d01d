"""Nelson's rules: each finds its pattern at the point that completes it, and false alarms come as often as is said."""

import numpy as np
import pytest

from mom.errors import BadInput
from mom.quality.rules import ALL, DEFAULT, POINTS, RULES, signals

PATTERNS = {
    1: [0, 3.1],
    2: [0.1] * 9,
    3: [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5],
    4: [0.5, -0.5] * 7,
    5: [2.1, 0.0, 2.2],
    6: [1.1, 1.2, 0.0, 1.3, 1.1],
    7: [0.9, -0.9, 0.2] * 5,
    8: [1.1, -1.1] * 4,
}


@pytest.mark.parametrize("number", PATTERNS)
def test_pattern_is_found_at_its_last_point(number: int) -> None:
    found = signals(PATTERNS[number], (number,))
    assert found[-1] == (number,) and not any(found[:-1])
    assert len(PATTERNS[number]) == RULES[number].needs or number == 1
    mirrored = signals([-z for z in PATTERNS[number]], (number,))
    assert mirrored[-1] == (number,)


@pytest.mark.parametrize("number", [n for n in PATTERNS if n > 1])
def test_one_point_less_is_no_pattern(number: int) -> None:
    assert not any(signals(PATTERNS[number][1:], (number,))) or number == 5  # of three, the last two will do


def test_two_of_three_needs_two_on_one_side() -> None:
    assert not any(signals([2.5, 0.0, -2.5], (5,)))
    assert signals([2.5, 0.0, 0.0, 2.5], (5,))[-1] == ()


@pytest.mark.parametrize("on", [(1,), DEFAULT, ALL])
def test_false_alarms_as_often_as_is_said(on: tuple[int, ...]) -> None:
    seed, number = 31, 150_000
    print(f"seed {seed}")
    marks = np.array([bool(s) for s in signals(np.random.default_rng(seed).normal(size=number), on)])
    begun = int((marks[1:] & ~marks[:-1]).sum())
    assert number / begun == pytest.approx(POINTS[on], rel=0.12)


def test_a_rule_that_there_is_not() -> None:
    with pytest.raises(BadInput, match="Rule 9"):
        signals([0.0], (1, 9))
    assert signals([], ALL) == []
