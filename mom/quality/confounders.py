"""What else it could be: product, lot, crew and shift beside a parameter. Does the effect hold within each of them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from mom.quality.factors import one_way

Values = NDArray[np.float64]
Marks = NDArray[np.bool_]
FEW = 20
"""Rows in levels that have both sides, evenly, below which nothing is said of within."""
LEVELS = 3
"""So many levels on each side: then it is not one of them that makes the difference."""
CHANCE, SHARE = 0.001, 0.1
"""A factor is told of below this probability of chance, and above this share of the variation."""
BOTH = 2
"""Rows on each side that a level needs to tell of the difference within it."""


@dataclass(frozen=True, slots=True)
class Confounder:
    """`within`: the difference inside the factor's levels, with its 95 % interval; None where too few rows tell.

    `verdict`: holds (within, or over several levels on each side), fades (there is none within), mixed (cannot be told apart).
    `level`: the level that goes with the range, where it is mixed or fades.
    """

    factor: str
    verdict: str
    within: float | None = None
    low: float | None = None
    high: float | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """`share` of the variation (0 to 1) by this factor alone; the level that stands out, its mean and that of all others."""

    factor: str
    share: float
    level: str
    value: float
    others: float
    rows: int


class Strata:
    """What was the case at each row, by factor: product, lot, crew, shift."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        names = sorted({name for row in rows for name in row})
        self.of = {name: np.array([row.get(name, "") for row in rows]) for name in names}

    def means(self, factor: str, values: Values, seen: Marks) -> Values:
        """The mean of the row's level, learned from what was seen; of all for a level that was not."""
        found = np.full(len(values), float(values[seen].mean()))
        if factor in self.of:
            for level in np.unique(self.of[factor]):
                here = self.of[factor] == level
                if (here & seen).sum() >= BOTH:
                    found[here] = values[here & seen].mean()
        return found

    def factors(self, values: Values) -> tuple[Factor, ...]:
        """The factors that account for a tenth of the variation or more, the strongest first."""
        found = [factor for name in self.of if (factor := self._factor(name, values)) is not None]
        return tuple(sorted(found, key=lambda factor: -factor.share))

    def _factor(self, name: str, values: Values) -> Factor | None:
        levels = self.of[name]
        groups = {str(level): values[levels == level] for level in np.unique(levels) if level}
        groups = {level: group for level, group in groups.items() if len(group) >= BOTH}
        if len(groups) < 2 or float(np.ptp(values)) == 0:
            return None
        found = one_way([group.tolist() for group in groups.values()])
        if found.p >= CHANCE or found.share < SHARE:
            return None
        middle = float(np.median(values))
        level = max(groups, key=lambda level: abs(float(groups[level].mean()) - middle) * len(groups[level]) ** 0.5)
        others = float(values[levels != level].mean())
        return Factor(name, found.share, level, float(groups[level].mean()), others, len(groups[level]))


def confounders_of(strata: Strata, inside: Marks, values: Values, left: Values) -> tuple[Confounder, ...]:
    """For each factor whether the difference between `inside` and outside is there within its levels too.

    `left`: the values less their products' means, by which lots, crews and shifts are compared; products by the values.
    """
    found = []
    for name, levels in strata.of.items():
        by = values if name == "product" else left
        found.append(_one(name, levels, inside, by, float(by[inside].mean() - by[~inside].mean())))
    return tuple(found)


def _one(factor: str, levels: NDArray[np.str_], inside: Marks, values: Values, whole: float) -> Confounder:
    parts, rows = [], 0
    for level in np.unique(levels):
        a, b = values[(levels == level) & inside], values[(levels == level) & ~inside]
        if len(a) >= BOTH and len(b) >= BOTH:
            parts.append((float(a.mean() - b.mean()), len(a) * len(b) / (len(a) + len(b)), a, b))
            rows += 2 * min(len(a), len(b))
    weight = sum(part[1] for part in parts)
    top = _goes_with(levels, inside)
    if rows >= FEW:
        within = sum(part[0] * part[1] for part in parts) / weight
        freedom = max(1, sum(len(p[2]) + len(p[3]) - 2 for p in parts))
        spread = sqrt(sum(p[2].var() * len(p[2]) + p[3].var() * len(p[3]) for p in parts) / freedom)
        low, high = within - 1.96 * spread / sqrt(weight), within + 1.96 * spread / sqrt(weight)
        if low * high > 0 and within * whole > 0:
            return Confounder(factor, "holds", within, low, high)
        if abs(within) < 0.5 * abs(whole):
            return Confounder(factor, "fades", within, low, high, top)
    sides = [_several(levels[side]) for side in (inside, ~inside)]
    return Confounder(factor, "holds" if min(sides) >= LEVELS else "mixed", level="" if min(sides) >= LEVELS else top)


def _several(levels: NDArray[np.str_]) -> float:
    """How many levels there are, counted by their weight: one that has nearly all rows is hardly more than one."""
    shares = np.unique(levels, return_counts=True)[1] / len(levels)
    return float(1 / (shares**2).sum())


def _goes_with(levels: NDArray[np.str_], inside: Marks) -> str:
    """The level that the range is most of."""
    names, counts = np.unique(levels[inside], return_counts=True)
    return str(names[counts.argmax()]) if len(names) else ""
