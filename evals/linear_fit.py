"""Linear least squares that keeps its digits: columns scaled, orthogonal triangles, polynomials on [-1, 1]."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mom.errors import BadInput

Values = NDArray[np.float64]
SINGULAR = 1e-13
"""Of the largest diagonal of the triangle: below it a column is a sum of others."""


@dataclass(frozen=True, slots=True)
class Regression:
    """`errors`: standard errors of the coefficients; `deviation`: residual standard deviation."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    deviation: float
    residual_squares: float
    freedom: int


def regress(columns: Sequence[ArrayLike], response: ArrayLike) -> Regression:
    """Response on columns (a column of ones for the constant). Raises BadInput for columns that hang on each other."""
    design, values = np.column_stack([np.asarray(c, float) for c in columns]), np.asarray(response, float)
    return _solved(design, values, np.eye(design.shape[1]))


def polynomial(x: ArrayLike, response: ArrayLike, degree: int, *, constant: bool = True) -> Regression:
    """Coefficients of powers of x, the lowest first. Reckoned on x brought to [-1, 1], where powers are far from alike."""
    design, back = powers(x, degree, constant=constant)
    return _solved(design, np.asarray(response, float), back)


def powers(x: ArrayLike, degree: int, *, constant: bool = True) -> tuple[Values, Values]:
    """(Design on [-1, 1], matrix that turns its coefficients into those of powers of x). Raises BadInput."""
    at = np.asarray(x, float)
    if not constant:
        return at[:, None] ** np.arange(1, degree + 1), np.eye(degree)
    low, high = float(at.min()), float(at.max())
    if low == high:
        raise BadInput("All values of x are the same: there is no line through them.")
    to, domain = np.array([-1.0, 1.0]), np.array([low, high])
    back = np.zeros((degree + 1, degree + 1))
    for power in range(degree + 1):
        unit = np.polynomial.Polynomial(np.eye(power + 1)[power], domain=domain, window=to)
        back[: power + 1, power] = unit.convert().coef
    return np.vander(np.polynomial.polyutils.mapdomain(at, domain, to), degree + 1, increasing=True), back


def squares(response: ArrayLike, *, about_mean: bool = True) -> float:
    """Sum of squares of the response, about its mean or about zero."""
    values = np.asarray(response, float).tolist()
    middle = fsum(values) / len(values) if about_mean else 0.0
    return fsum((value - middle) ** 2 for value in values)


def _solved(design: Values, response: Values, back: Values) -> Regression:
    """`back`: turns the coefficients of the design into those that are asked for."""
    count, wanted = design.shape
    if count <= wanted:
        raise BadInput(f"{count} rows do not determine {wanted} coefficients.")
    scale = np.linalg.norm(design, axis=0)
    if not scale.all():
        raise BadInput("A column is zero throughout.")
    basis, triangle = np.linalg.qr(design / scale)
    diagonal = np.abs(np.diag(triangle))
    if diagonal.min() < SINGULAR * diagonal.max():
        raise BadInput("A column is a sum of others: its coefficient is not determined.")
    inverse = np.linalg.inv(triangle)
    first = inverse @ (basis.T @ response)
    again = inverse @ (basis.T @ (response - (design / scale) @ first))  # one step of refinement
    solved = (first + again) / scale
    rest = response - design @ solved
    left, freedom = fsum(float(r) ** 2 for r in rest), count - wanted
    deviation = float(np.sqrt(left / freedom))
    errors = deviation * np.linalg.norm(back @ (inverse / scale[:, None]), axis=1)
    return Regression(tuple((back @ solved).tolist()), tuple(errors.tolist()), deviation, left, freedom)
