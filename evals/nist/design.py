"""The columns of a linear set's model. Powers are told on [-1, 1], where they are far from alike, and turned back."""

import numpy as np
from numpy.typing import NDArray

from evals.nist.reference_set import Set
from mom.errors import BadInput

Values = NDArray[np.float64]


def plain(one: Set) -> Values:
    """The columns as the file's model writes them. Raises BadInput for a model of which they do not follow."""
    _, *predictors = (np.array(column) for column in one.columns)
    first, wanted = 0 if one.constant else 1, len(one.parameters)
    if len(predictors) == 1:
        return predictors[0][:, None] ** np.arange(first, first + wanted)
    if len(predictors) + one.constant != wanted:
        raise BadInput(f"unknown model: {wanted} parameters, but {len(predictors)} predictors.")
    return np.column_stack([*([np.ones(len(one.rows))] * one.constant), *predictors])


def told_apart(one: Set) -> tuple[Values, Values]:
    """(Columns of length one, the matrix that turns their coefficients into those of `plain`).

    Of powers with a constant: those of x brought to [-1, 1]."""
    columns, back = plain(one), np.eye(len(one.parameters))
    if one.constant and len(one.rows[0]) == 2:
        columns, back = _unit(np.array(one.columns[1]), len(one.parameters) - 1)
    length = np.linalg.norm(columns, axis=0)
    if not length.all():
        raise BadInput("a column is zero throughout.")
    return columns / length, back / length


def _unit(x: Values, degree: int) -> tuple[Values, Values]:
    low, high = float(x.min()), float(x.max())
    if low == high:
        raise BadInput("all values of x are the same: there is no line through them.")
    half = (high - low) / 2
    middle, back = low + half, np.zeros((degree + 1, degree + 1))
    for power in range(degree + 1):
        back[: power + 1, power] = (np.polynomial.Polynomial([-middle / half, 1 / half]) ** power).coef
    return ((x - middle) / half)[:, None] ** np.arange(degree + 1), back
