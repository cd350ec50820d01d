"""The rows that rules are learned from: measured quantities, what follows from two of them, and kinds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

RAD_PER_S = 2 * math.pi / 60
"""Of one revolution a minute."""
POWER = frozenset({"rpm", "Nm"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of each row. `unit` as a person writes it; empty: none. `parts`: from how many measured ones it follows."""

    name: str
    unit: str
    values: np.ndarray
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """`quantities` and `kinds` by name; all as long as there are rows. `kinds`: words, such as a product's type."""

    quantities: Mapping[str, Quantity]
    kinds: Mapping[str, np.ndarray]
    rows: int

    def of(self, chosen: np.ndarray) -> "Table":
        """Only the chosen rows (places, or a mask)."""
        quantities = {name: Quantity(name, q.unit, q.values[chosen], q.parts) for name, q in self.quantities.items()}
        kinds = {name: words[chosen] for name, words in self.kinds.items()}
        return Table(quantities, kinds, int(np.arange(self.rows)[chosen].size))


def table(measured: Sequence[Quantity], kinds: Mapping[str, Sequence[str]]) -> Table:
    """With what follows from each pair: of one unit their difference, else their product; speed times torque is power."""
    rows = len(measured[0].values) if measured else 0
    every = [*measured, *(derived for a, b in combinations(measured, 2) for derived in _derived(a, b))]
    return Table({q.name: q for q in every}, {name: np.asarray(words) for name, words in kinds.items()}, rows)


def _derived(a: Quantity, b: Quantity) -> list[Quantity]:
    """Not rounded: where rows lie on a limit, the last digit of what was stored is all that parts them."""
    if a.unit and a.unit == b.unit:
        less, more = sorted((a, b), key=lambda quantity: float(np.mean(quantity.values)))
        return [Quantity(f"{more.name} less {less.name}", a.unit, more.values - less.values, 2)]
    product = a.values * b.values
    if {a.unit, b.unit} == POWER:
        return [Quantity(f"power ({a.name} times {b.name})", "W", product * RAD_PER_S, 2)]
    return [Quantity(f"{a.name} times {b.name}", "·".join(filter(None, (a.unit, b.unit))), product, 2)]
