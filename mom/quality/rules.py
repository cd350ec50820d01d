"""Nelson's rules (Journal of Quality Technology 16, 1984), on values in sigmas from the centre of a chart.

Each tells at which points it is fulfilled: the last point of its pattern. Which are on is the plant's to say; the default
is 1, 2 and 5. `POINTS` says how often they raise a false alarm; a test simulates it again.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mom.errors import BadInput

Values = NDArray[np.float64]
Marks = NDArray[np.bool_]
DEFAULT = (1, 2, 5)
ALL = (1, 2, 3, 4, 5, 6, 7, 8)
POINTS = {(1,): 372, DEFAULT: 154, ALL: 68}
"""A false alarm begins once in so many points: limits known, values normal and independent, 400,000 points simulated."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`says`: after "the chart has". `needs`: points that its pattern takes."""

    number: int
    says: str
    needs: int
    find: Callable[[Values], Marks]


def signals(z: ArrayLike, numbers: Collection[int] = DEFAULT) -> list[tuple[int, ...]]:
    """For each point the numbers of the rules that it fulfils. Raises BadInput for a rule that there is not."""
    values = np.asarray(z, float)
    if unknown := sorted(set(numbers) - RULES.keys()):
        raise BadInput(f"Rule {unknown[0]}: there is no such rule; there are 1 to 8.")
    marks = {number: RULES[number].find(values) for number in sorted(set(numbers))}
    return [tuple(number for number, mark in marks.items() if mark[i]) for i in range(len(values))]


def _of_last(marks: Marks, needed: int, of: int) -> Marks:
    """Where at least `needed` of the last `of` marks are set, this one among them."""
    summed = np.concatenate([[0], np.cumsum(marks)])
    found = np.zeros(len(marks), bool)
    if len(marks) >= of:
        found[of - 1 :] = summed[of:] - summed[:-of] >= needed
    return found & marks


def _beyond(z: Values) -> Marks:
    return np.abs(z) > 3


def _one_side(z: Values) -> Marks:
    return _of_last(z > 0, 9, 9) | _of_last(z < 0, 9, 9)


def _trend(z: Values) -> Marks:
    """Six points are five steps in one direction."""
    steps = np.concatenate([[0.0], np.diff(z)])
    return _of_last(steps > 0, 5, 5) | _of_last(steps < 0, 5, 5)


def _alternating(z: Values) -> Marks:
    """Fourteen points are thirteen steps, of which each of the last twelve turns back."""
    steps = np.diff(z)
    turns = np.concatenate([[False, False], steps[1:] * steps[:-1] < 0])[: len(z)]
    return _of_last(turns, 12, 12)


def _two_of_three(z: Values) -> Marks:
    return _of_last(z > 2, 2, 3) | _of_last(z < -2, 2, 3)


def _four_of_five(z: Values) -> Marks:
    return _of_last(z > 1, 4, 5) | _of_last(z < -1, 4, 5)


def _hugging(z: Values) -> Marks:
    return _of_last(np.abs(z) < 1, 15, 15)


def _avoiding(z: Values) -> Marks:
    return _of_last(np.abs(z) > 1, 8, 8)


RULES = {
    rule.number: rule
    for rule in (
        Rule(1, "a point beyond 3 sigma", 1, _beyond),
        Rule(2, "nine points in a row on one side of the centre", 9, _one_side),
        Rule(3, "six points in a row rising or falling", 6, _trend),
        Rule(4, "fourteen points in a row alternating up and down", 14, _alternating),
        Rule(5, "two of three points beyond 2 sigma on one side", 3, _two_of_three),
        Rule(6, "four of five points beyond 1 sigma on one side", 5, _four_of_five),
        Rule(7, "fifteen points in a row within 1 sigma", 15, _hugging),
        Rule(8, "eight points in a row beyond 1 sigma", 8, _avoiding),
    )
}
