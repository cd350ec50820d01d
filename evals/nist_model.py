"""A nonlinear model as its file writes it: residuals, and their derivatives by the complex step."""

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.nist_set import Set
from mom.errors import BadInput

Values = NDArray[np.float64]
Given = Sequence[float] | Values
KNOWN: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "cos": np.cos, "sin": np.sin, "arctan": np.arctan, "pi": np.pi
}  # fmt: skip
ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub,
)  # fmt: skip
STEP = 1e-200
"""Of the complex step: no digits are lost by a difference, so it can be as small as one likes."""


class Model:
    """`residuals(b)`: model less response; `jacobian(b)`: a row a datum, a column a parameter."""

    def __init__(self, one: Set) -> None:
        response, *predictors = (np.array(column) for column in one.columns)
        names = ["x"] if len(predictors) == 1 else [f"x{n + 1}" for n in range(len(predictors))]
        self._given = KNOWN | dict(zip(names, predictors, strict=True))
        self.response: Values = np.log(response) if one.left.startswith("log") else response
        self._code = _compiled(one.model)

    def value(self, parameters: Any) -> Any:
        named = {f"b{n + 1}": value for n, value in enumerate(parameters)}
        return eval(self._code, {"__builtins__": {}}, self._given | named)  # noqa: S307 - checked in _compiled

    def residuals(self, parameters: Given) -> Values:
        found: Values = self.value(parameters) - self.response
        return found

    def jacobian(self, parameters: Given) -> Values:
        columns = []
        for n in range(len(parameters)):
            moved = np.array(parameters, complex)
            moved[n] += 1j * STEP
            columns.append(np.imag(self.value(moved)) / STEP * np.ones(len(self.response)))
        return np.column_stack(columns)


def _compiled(words: str) -> Any:
    """Only arithmetic on the names of the file and a few functions. Raises BadInput."""
    tree = ast.parse(words, mode="eval")
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            raise BadInput(f"The model {words!r} has a {type(node).__name__}, which is no arithmetic.")
    return compile(tree, "model", "eval")
