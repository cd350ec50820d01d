"""The leaves of a tree as ranges of parameters, each with how the response lies in it and the interval of the difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Range:
    """One leaf in words: the parameters' ranges, and how the response lies there against all else, with 95 % interval."""

    bounds: tuple[tuple[str, float | None, float | None], ...]  # parameter, from, to
    value: float
    others: float
    difference: float
    low: float
    high: float
    rows: int


def redrawn(days: int, seed: int, figure: Callable[[NDArray[np.int64]], Values]) -> Values:
    """A figure of draws of days with replacement: results of one day are alike."""
    return figure(np.random.default_rng(seed).integers(0, days, (DRAWS, days)))


def inside_of(at: Range, names: Sequence[str], matrix: Values) -> NDArray[np.bool_]:
    inside = np.ones(len(matrix), bool)
    for name, low, high in at.bounds:
        column = matrix[:, names.index(name)]
        inside &= (low is None or column > low) & (high is None or column <= high)
    return inside


def ranges_of(
    tree: Any, names: Sequence[str], matrix: Values, values: Values, day: NDArray[np.int64], seed: int
) -> list[Range]:
    """The leaves, the one that differs most from all others first."""
    leaves = tree.apply(matrix)
    found = []
    for leaf in np.unique(leaves):
        inside = leaves == leaf
        a, b = (np.bincount(day, values * side, day.max() + 1).astype(float) for side in (inside, ~inside))
        m, n = (np.bincount(day, side, day.max() + 1).astype(float) for side in (inside, ~inside))
        draws = redrawn(len(a), seed, partial(_difference, a, m, b, n))
        low, high = (float(q) for q in np.nanquantile(draws, [0.025, 0.975]))
        at, other = float(values[inside].mean()), float(values[~inside].mean())
        found.append(Range(_bounds(tree.tree_, names, int(leaf)), at, other, at - other, low, high, int(inside.sum())))
    found.sort(key=lambda r: (-round(abs(r.difference), 9), r.rows))
    return found[:1] if len(found) == 2 else found  # of two sides one says it all


def _difference(a: Values, m: Values, b: Values, n: Values, chosen: NDArray[np.int64]) -> Values:
    return _means(a, m, chosen) - _means(b, n, chosen)


def _means(sums: Values, counts: Values, chosen: NDArray[np.int64]) -> Values:
    number = counts[chosen].sum(1)
    found: Values = sums[chosen].sum(1) / np.where(number > 0, number, np.nan)
    return found


def _bounds(tree: Any, names: Sequence[str], leaf: int) -> tuple[tuple[str, float | None, float | None], ...]:
    """The way from the root to the leaf, as ranges of parameters."""
    bounds: dict[str, tuple[float | None, float | None]] = {}
    node = leaf
    while node:
        parent = int(np.flatnonzero((tree.children_left == node) | (tree.children_right == node))[0])
        name, cut = names[int(tree.feature[parent])], float(tree.threshold[parent])
        low, high = bounds.get(name, (None, None))
        if tree.children_left[parent] == node:
            bounds[name] = (low, cut if high is None else min(high, cut))
        else:
            bounds[name] = (cut if low is None else max(low, cut), high)
        node = parent
    return tuple((name, *ends) for name, ends in reversed(bounds.items()))
