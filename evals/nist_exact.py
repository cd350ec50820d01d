"""How many digits double precision allows: the set is reckoned once more without rounding, from the data as doubles.

What a datum loses by being a double (1000000000000.4 has three digits behind its point) no algorithm can bring back: univariate,
variance and linear sets are reckoned in fractions. Of coefficients there is a second bound, of the first order: a stable
algorithm in doubles solves the problem of responses that are wrong by a few roundings, which moves the minimum by
the pseudo-inverse of the Jacobian. Where the certified value is small beside what it is added up from, that is much.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import isqrt, log10

import numpy as np

from evals.linear_fit import powers
from evals.nist_model import Model
from evals.nist_reckon import groups_of
from evals.nist_set import CERTIFIED, Set

DIGITS = 60
"""Decimal places to which a square root is taken."""
ROUNDING = 4 * float(np.finfo(float).eps)
"""Of a response and of the few operations that its model takes."""
Exact = dict[str, Fraction]


def digits(value: float | Fraction, certified: float, most: float, size: float) -> float:
    """Significant digits that agree (the log relative error), at most `most`. What is zero is held against `size`."""
    off = abs(Fraction(value) - Fraction(repr(certified)))
    scale = abs(Fraction(repr(certified))) or Fraction(size)
    return most if off == 0 else min(most, max(0.0, -log10(off / scale) if off < scale else 0.0))


def agreement(found: Mapping[str, float | Fraction], one: Set) -> dict[str, float]:
    """Digits by name."""
    most, size = CERTIFIED[one.family], max(abs(float(row[0])) for row in one.rows)
    return {name: digits(found[name], value, most, size) for name, value in one.certified.items()}


def allowed(one: Set) -> dict[str, float]:
    """Digits that the data as doubles allow, by name."""
    if one.family == "nonlinear":
        return _nonlinear(one)
    exact = {"univariate": _univariate, "anova": _anova, "linear": _linear}[one.family](one)
    told = agreement(exact, one)
    return told if one.family != "linear" else {name: min(d, _carried(one, name)) for name, d in told.items()}


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
    response, *predictors = ([Fraction(v) for v in column] for column in one.columns)
    wanted = sum(name.startswith("B") for name in one.certified)
    first = 0 if one.constant else 1
    if len(predictors) == 1:
        columns = [[x**power for x in predictors[0]] for power in range(first, first + wanted)]
    else:
        columns = [[Fraction(1)] * len(response)] * one.constant + predictors
    normal = [[_dot(a, b) for b in columns] for a in columns]
    inverse = _inverse(normal)
    right = [_dot(column, response) for column in columns]
    values = [_dot(row, right) for row in inverse]
    fitted = [_dot(values, row) for row in zip(*columns, strict=True)]
    squares = _dot(rest := [y - f for y, f in zip(response, fitted, strict=True)], rest)
    middle = _sum(response) / len(response) if one.constant else Fraction(0)
    variance = squares / (len(response) - wanted)
    told: Exact = {f"B{n + first}": value for n, value in enumerate(values)}
    told |= {f"sd B{n + first}": _root(variance * inverse[n][n]) for n in range(wanted)}
    total = _sum((y - middle) ** 2 for y in response)
    return told | {"deviation": _root(variance), "R2": 1 - squares / total}


def _carried(one: Set, name: str) -> float:
    """Digits of a linear model's coefficient that a stable algorithm in doubles carries."""
    most = CERTIFIED[one.family]
    if not name.startswith("B"):
        return most
    response, *predictors = (np.array(column) for column in one.columns)
    wanted, first = sum(n.startswith("B") for n in one.certified), 0 if one.constant else 1
    if len(predictors) == 1:
        basis, back = powers(predictors[0], wanted - one.constant, constant=one.constant)
    else:
        ones = [np.ones(len(response))] if one.constant else []
        basis, back = np.column_stack([*ones, *predictors]), np.eye(wanted)
    scale = np.linalg.norm(basis, axis=0)
    moved = np.abs((back / scale) @ np.linalg.pinv(basis / scale)) @ (ROUNDING * np.abs(response))
    return min(most, max(0.0, -log10(moved[int(name[1:]) - first] / abs(one.certified[name]))))


def _nonlinear(one: Set) -> dict[str, float]:
    """At the certified minimum. The errors of the parameters and the spread are as sure as the residuals are."""
    model, most = Model(one), CERTIFIED["nonlinear"]
    wanted = [name for name in one.certified if name.startswith("b")]
    at = np.array([one.certified[name] for name in wanted])
    jacobian, residuals = model.jacobian(at), model.residuals(at)
    scale = np.linalg.norm(jacobian, axis=0)
    rounding = ROUNDING * np.maximum(np.abs(model.response), np.abs(model.response + residuals))
    moved = np.abs(np.linalg.pinv(jacobian / scale)) @ rounding / scale
    told = {name: min(most, -log10(off / abs(b))) for name, off, b in zip(wanted, moved, at, strict=True)}
    size = float(np.linalg.norm(residuals))
    spread = min(most, max(0.0, -log10(float(np.linalg.norm(rounding)) / size))) if size else most
    conditioned = max(0.0, min(spread, -log10(np.finfo(float).eps * float(np.linalg.cond(jacobian / scale)))))
    return told | {"deviation": spread} | {f"sd {name}": min(conditioned, told[name]) for name in wanted}


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return _sum(x * y for x, y in zip(a, b, strict=True))


def _root(value: Fraction) -> Fraction:
    """The square root, to `DIGITS` places of the shifted number."""
    shift = 10 ** (2 * DIGITS)
    return Fraction(isqrt(value.numerator * shift // value.denominator), 10**DIGITS)


def _inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Gauss and Jordan; the matrix of normal equations is positive definite, so no pivot is zero."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            if j != i and (factor := rows[j][i]):
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]
