"""Arithmetic over columns, as a mapping writes it: `itemTotalQuantity - itemGoodQuantity`. Nothing but + - * /."""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass

OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula. `columns` are those it reads; a name with blanks is written col("Total qty")."""

    text: str
    columns: frozenset[str]
    tree: ast.expr

    def value(self, number_of: Callable[[str], float | None]) -> float | None:
        """None when a column that it needs is empty, or on a division by zero."""
        try:
            return _value(self.tree, number_of)
        except ZeroDivisionError:
            return None


def parse(text: str) -> Formula:
    """Raises ValueError saying what is not understood."""
    if len(text) > LONGEST:
        raise ValueError(f"expected at most {LONGEST} signs")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("expected arithmetic such as total - good") from None
    columns: set[str] = set()
    _check(tree, columns)
    return Formula(text, frozenset(columns), tree)


def _check(node: ast.expr, columns: set[str]) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        _check(node.left, columns)
        _check(node.right, columns)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _check(node.operand, columns)
    elif (name := _column(node)) is not None:
        columns.add(name)
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise ValueError(f"{ast.unparse(node)[:40]!r} is not understood; expected columns, numbers and + - * /")


def _column(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _column(node.value)
        return f"{base}.{node.attr}" if base else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "col":
        first = node.args[0] if len(node.args) == 1 and not node.keywords else None
        return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return None


def _value(node: ast.expr, number_of: Callable[[str], float | None]) -> float | None:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, number_of), _value(node.right, number_of)
        return None if left is None or right is None else OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, number_of)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]  # _check let numbers only through
    return number_of(_column(node) or "")
