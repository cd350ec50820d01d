"""How many digits double precision allows: the set is reckoned once more without rounding, from the data as doubles.

What a datum loses by being a double (1000000000000.4 has three digits behind its point) no algorithm can bring back: univariate,
variance and linear sets are reckoned in fractions. Of models there is a second bound, of the first order: a stable
algorithm in doubles solves the problem of responses and columns that are wrong by a few roundings, which moves the minimum by
the pseudo-inverse of the Jacobian and the residuals by as much as the responses. Where the certified value is small beside
what it is added up from, that is much.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import isfinite, isqrt, log10

import numpy as np

from evals.nist.design import told_apart
from evals.nist.model import Model
from evals.nist.reckon import groups_of
from evals.nist.reference_set import CERTIFIED, Set
from mom.errors import BadInput

DIGITS = 60
"""Decimal places to which a square root is taken."""
EPSILON = float(np.finfo(float).eps)
ROUNDING = 4 * EPSILON
"""Of a response and of the few operations that its model takes."""
Exact = dict[str, Fraction]


def digits(value: float | Fraction, certified: float, most: float, size: float) -> float:
    """Significant digits that agree (the log relative error), at most `most`. What is zero is held against `size`."""
    if not isfinite(value):
        return 0.0
    off = abs(Fraction(value) - Fraction(repr(certified)))
    scale = abs(Fraction(repr(certified))) or Fraction(size)
    return most if off == 0 else min(most, max(0.0, -log10(off / scale) if off < scale else 0.0))


def agreement(found: Mapping[str, float | Fraction], one: Set) -> dict[str, float]:
    """Digits by name."""
    most = CERTIFIED[one.family]
    return {name: digits(found[name], value, most, one.size) for name, value in one.certified.items()}


def allowed(one: Set) -> dict[str, float]:
    """Digits that the data as doubles allow, by name. Raises BadInput for a model that is not determined."""
    if one.family == "nonlinear":
        return _nonlinear(one)
    if one.family == "linear":
        told, carried = agreement(_linear(one), one), _carried(one)
        return {name: min(told[name], carried[name]) for name in told}
    return agreement({"univariate": _univariate, "anova": _anova}[one.family](one), one)


def _univariate(one: Set) -> Exact:
    values = [Fraction(v) for v in one.columns[0]]
    mean = _sum(values) / len(values)
    rest = [v - mean for v in values]
    squares = _dot(rest, rest)
    lagged = _dot(rest[:-1], rest[1:])
    return {"mean": mean, "deviation": _root(squares / (len(values) - 1)), "autocorrelation": lagged / squares}


def _anova(one: Set) -> Exact:
    groups = [[Fraction(v) for v in group] for group in groups_of(one)]
    number, means = sum(map(len, groups)), [_sum(group) / len(group) for group in groups]
    mean = _sum(v for group in groups for v in group) / number
    between = _sum(len(g) * (m - mean) ** 2 for g, m in zip(groups, means, strict=True)) / (len(groups) - 1)
    within = _sum((v - m) ** 2 for g, m in zip(groups, means, strict=True) for v in g) / (number - len(groups))
    return {"F": between / within, "deviation": _root(within)}


def _linear(one: Set) -> Exact:
    response = [Fraction(row) for row in one.columns[0]]
    predictors = [[Fraction(v) for v in column] for column in one.columns[1:]]
    first, wanted = 0 if one.constant else 1, len(one.parameters)
    if len(predictors) == 1:
        columns = [[x**power for x in predictors[0]] for power in range(first, first + wanted)]
    else:
        columns = [[Fraction(1)] * len(response)] * one.constant + predictors
    inverse = _inverse([[_dot(a, b) for b in columns] for a in columns])
    right = [_dot(column, response) for column in columns]
    values = [_dot(row, right) for row in inverse]
    fitted = [_dot(values, row) for row in zip(*columns, strict=True)]
    squares = _dot(rest := [y - f for y, f in zip(response, fitted, strict=True)], rest)
    middle = _sum(response) / len(response) if one.constant else Fraction(0)
    variance = squares / (len(response) - wanted)
    told: Exact = dict(zip(one.parameters, values, strict=True))
    told |= {f"sd {name}": _root(variance * inverse[n][n]) for n, name in enumerate(one.parameters)}
    total = _sum((y - middle) ** 2 for y in response)
    if total == 0:
        raise BadInput("its response is the same throughout.")
    return told | {"deviation": _root(variance), "R2": 1 - squares / total}


def _carried(one: Set) -> dict[str, float]:
    """Digits of a linear model's figures that a stable algorithm in doubles carries."""
    columns, back = told_apart(one)
    response, freedom = np.array(one.columns[0]), len(one.rows) - columns.shape[1]
    inward = np.linalg.pinv(columns)
    outward, found = back @ inward, inward @ response
    wrong = EPSILON * (np.abs(response) + np.abs(columns) @ np.abs(found))
    turned = EPSILON * np.abs(outward @ inward.T) @ np.abs(columns).T @ np.abs(response - columns @ found)
    spread = float(np.linalg.norm(wrong)) / freedom**0.5
    turning = EPSILON * float(np.linalg.cond(columns))
    total = float(np.sum((response - response.mean() * one.constant) ** 2))
    off = {"deviation": spread, "R2": EPSILON + 2 * one.certified["deviation"] * spread * freedom / total}
    turned += EPSILON * np.abs(back) @ np.abs(found)
    moves, units = np.abs(outward) @ wrong + turned, np.linalg.norm(outward, axis=1)
    for name, moved, unit in zip(one.parameters, moves, units, strict=True):
        off |= {name: float(moved), f"sd {name}": float(spread * unit) + turning * one.certified[f"sd {name}"]}
    return {name: _left(off[name], value, one) for name, value in one.certified.items()}


def _left(off: float, certified: float, one: Set) -> float:
    """Digits of a certified value that is off by so much."""
    most = CERTIFIED[one.family]
    return min(most, max(0.0, -log10(off / (abs(certified) or one.size)))) if off else most


def _nonlinear(one: Set) -> dict[str, float]:
    """At the certified minimum. The errors of the parameters and the spread are as sure as the residuals are."""
    model, most = Model(one), CERTIFIED["nonlinear"]
    at = np.array([one.certified[name] for name in one.parameters])
    jacobian, residuals = model.jacobian(at), model.residuals(at)
    scale = np.linalg.norm(jacobian, axis=0)
    if not (np.isfinite(jacobian).all() and np.isfinite(residuals).all() and scale.all()):
        raise BadInput("its model has no value, or no slope, where the minimum is certified.")
    rounding = ROUNDING * np.maximum(np.abs(model.response), np.abs(model.response + residuals))
    moved = np.abs(np.linalg.pinv(jacobian / scale)) @ rounding / scale
    told = {name: _left(float(off), float(b), one) for name, off, b in zip(one.parameters, moved, at, strict=True)}
    size = float(np.linalg.norm(residuals))
    spread = min(most, max(0.0, -log10(float(np.linalg.norm(rounding)) / size))) if size else most
    conditioned = max(0.0, min(spread, -log10(EPSILON * float(np.linalg.cond(jacobian / scale)))))
    return told | {"deviation": spread} | {f"sd {name}": min(conditioned, told[name]) for name in one.parameters}


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return _sum(x * y for x, y in zip(a, b, strict=True))


def _root(value: Fraction) -> Fraction:
    """The square root, to `DIGITS` places of the shifted number."""
    shift = 10 ** (2 * DIGITS)
    return Fraction(isqrt(value.numerator * shift // value.denominator), 10**DIGITS)


def _inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Gauss and Jordan; the matrix of normal equations is positive definite, so no pivot is zero: else BadInput."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        if (pivot := rows[i][i]) == 0:
            raise BadInput("one of its columns is a sum of others: their coefficients are not determined.")
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            if j != i and (factor := rows[j][i]):
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]
