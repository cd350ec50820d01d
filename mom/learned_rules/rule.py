"""A rule: a few conditions that hold together; and the rules of one cause, of which any may hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mom.learned_rules.table import Table


@dataclass(frozen=True, slots=True)
class Limit:
    """A quantity lies below or above a limit, not on it."""

    quantity: str
    way: Literal["below", "above"]
    limit: float
    unit: str = ""
    parts: int = 1  # from how many measured quantities it follows

    def holds(self, table: Table) -> np.ndarray:
        values = table.quantities[self.quantity].values
        return values < self.limit if self.way == "below" else values > self.limit

    def __str__(self) -> str:
        return f"{self.quantity} is {self.way} {self.limit:,.12g}{' ' + self.unit if self.unit else ''}"


@dataclass(frozen=True, slots=True)
class Is:
    """A row is of a kind."""

    kind: str
    word: str

    def holds(self, table: Table) -> np.ndarray:
        return np.asarray(table.kinds[self.kind] == self.word)

    def __str__(self) -> str:
        return f"{self.kind} is {self.word}"


Condition = Limit | Is


@dataclass(frozen=True, slots=True)
class Rule:
    """`right` of `covered` rows that it was learned from were of the cause."""

    conditions: tuple[Condition, ...]
    covered: int
    right: int

    def holds(self, table: Table) -> np.ndarray:
        found = np.ones(table.rows, bool)
        for condition in self.conditions:
            found &= condition.holds(table)
        return found

    def __str__(self) -> str:
        return " and ".join(str(condition) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Rules:
    """Of one cause. Without rules it is never named."""

    cause: str
    rules: tuple[Rule, ...]

    def holds(self, table: Table) -> np.ndarray:
        found = np.zeros(table.rows, bool)
        for rule in self.rules:
            found |= rule.holds(table)
        return found

    def told(self) -> list[str]:
        """A sentence for each rule."""
        return [
            f"{self.cause} when {rule} (right in {rule.right} of {rule.covered} rows it was learned from)."
            for rule in self.rules
        ]


def named(rules: Sequence[Rules], table: Table) -> list[tuple[str, ...]]:
    """For each row the causes whose rules hold. Empty: the cause is unknown."""
    held = {one.cause: one.holds(table) for one in rules}
    return [tuple(cause for cause, holds in held.items() if holds[row]) for row in range(table.rows)]
