"""A nonlinear model as its file writes it: residuals, and their derivatives by the complex step."""

import ast
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.nist.reference_set import Set
from mom.errors import BadInput

Values = NDArray[np.float64]
Given = Sequence[float] | Values


def _absolute(values: Any) -> Any:
    """Of a number with a small imaginary part, so that its derivative is found too."""
    return np.where(np.real(values) < 0, -values, values)


FUNCTIONS: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "ln": np.log, "log10": np.log10, "sqrt": np.sqrt, "abs": _absolute,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
}  # fmt: skip
ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd,
)  # fmt: skip
STEP = 1e-200
"""Of the complex step: no digits are lost by a difference, so it can be as small as one likes."""


class Model:
    """`residuals(b)`: model less response; `jacobian(b)`: a row a datum, a column a parameter.

    Raises BadInput for a model that is no arithmetic on the file's own names and the functions above.
    """

    def __init__(self, one: Set) -> None:
        response, *predictors = (np.array(column) for column in one.columns)
        columns = dict(zip(one.predictors, predictors, strict=True))
        self._given = FUNCTIONS | {"pi": np.pi} | dict(one.given) | columns
        self._names = one.parameters
        left = _compiled(one.left, {*self._given, "y"})
        self._code = _compiled(one.model, {*self._given, *self._names})
        self.response: Values = self._found(left, {"y": response})

    def value(self, parameters: Any) -> Any:
        return self._found(self._code, dict(zip(self._names, parameters, strict=True)))

    def _found(self, code: Any, named: dict[str, Any]) -> Any:
        return eval(code, {"__builtins__": {}}, self._given | named)  # noqa: S307 - checked in _compiled

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


def _compiled(words: str, known: Collection[str]) -> Any:
    """Only arithmetic on known names. Raises BadInput."""
    try:
        tree = ast.parse(words, mode="eval")
    except SyntaxError as error:
        raise BadInput(f"unknown model {words!r}: it is no formula.") from error
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            raise BadInput(f"unknown model {words!r}: it has a {type(node).__name__}, which is no arithmetic.")
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS):
            raise BadInput(
                f"unknown model {words!r}: {ast.unparse(node.func)}(…) is no function that is known."
                f" These are: {', '.join(FUNCTIONS)}."
            )
        if isinstance(node, ast.Name) and (node.id not in known or (node.id in FUNCTIONS and node not in called)):
            raise BadInput(f"unknown model {words!r}: it does not say what {node.id} is.")
    return compile(tree, "model", "eval")
