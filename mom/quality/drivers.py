"""From machine parameters to quality, as a person can read it: which parameter, which range, how sure, what else it could be.

A shallow tree on what is left of the response after its products' means. It is judged only on later days, which it has
not seen, and says nothing unless it beats the mean there by more than noise does. Pure: rows in, a model out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mom.quality.confounders import Confounder, Factor, Strata, confounders_of
from mom.quality.ranges import Range, inside_of, ranges_of, redrawn

Values = NDArray[np.float64]
LEAST_ROWS, LEAST_DAYS = 120, 10
SEEN = 0.65
"""The first part of the days is learned from, the rest judges."""
DEPTH, LEAF, LEAF_ROWS = 2, 0.08, 12
"""Two questions at most; no leaf of fewer rows, or of less than this share of what was learned from."""
WORTH = 1.2
"""A second question has to bring so much more."""
SKILL = 0.12
"""Of the variation on unseen days, over the mean's: what helps less is not worth a person's time."""
SURE = 0.02
"""The share of redrawn days in which a model may be no better than the mean."""
SHIFTS = 60
"""So many times the response is moved against the parameters; the true place has to be the best."""
LASTS = 5
"""Rows on each side without which a third of the time says nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """`parameters`: NaN where not measured. `strata`: product, shift, crew, lot; empty where not known."""

    at: datetime
    value: float
    parameters: Mapping[str, float]
    strata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """`told`: it beats the mean on unseen days. `skill`: share of the variation there that it explains, with 95 % interval.

    `missing`: why it says nothing. `factors`: what product, lot, crew or shift account for by themselves.
    """

    rows: int
    start: datetime | None = None
    split: datetime | None = None
    end: datetime | None = None
    told: bool = False
    skill: float = 0.0
    low: float = 0.0
    high: float = 0.0
    parameter: str = ""
    ranges: tuple[Range, ...] = ()
    confounders: tuple[Confounder, ...] = ()
    factors: tuple[Factor, ...] = ()
    missing: str = ""


def model_of(rows: Sequence[Row], seed: int = 0) -> Model:
    """Learn from the earlier days, judge on the later ones. `rows` in order of time."""
    days = {date: n for n, date in enumerate(sorted({row.at.date() for row in rows}))}
    if len(rows) < LEAST_ROWS or len(days) < LEAST_DAYS:
        return Model(len(rows), missing=_too_few(len(rows), len(days)))
    day = np.array([days[row.at.date()] for row in rows])
    seen = day < int(SEEN * len(days))
    strata, values = Strata([row.strata for row in rows]), np.array([row.value for row in rows])
    known = Model(len(rows), rows[0].at, rows[int(seen.sum())].at, rows[-1].at, factors=strata.factors(values))
    names, matrix = _matrix(rows, seen)
    if not names:
        return _silent(known, "no parameter was measured beside it")
    if float(np.ptp(values[seen])) == 0:
        return _silent(known, "it did not vary")
    left = values - strata.means("product", values, seen)
    depth = _depth(matrix[seen], left[seen])
    tree = _grown(matrix[seen], left[seen], depth)
    if tree.tree_.node_count == 1:
        return _silent(known, "no range of any parameter differs")
    gain = left**2 - (left - tree.predict(matrix)) ** 2
    judged = _judged(known, gain[~seen], left[~seen] ** 2, day[~seen] - day[~seen].min(), seed)
    if judged.missing:
        return judged
    if _by_drift(matrix, left, seen, depth, judged.skill):
        return _silent(judged, "what drifts slowly fits as well where it cannot be the reason")
    shown = tuple(r for r in ranges_of(tree, names, matrix, left, day, seed) if r.low * r.high > 0)[:2]
    if not shown:
        return _silent(judged, "no range of a parameter differs for sure")
    parameter = names[int(tree.tree_.feature[0])]
    inside = inside_of(shown[0], names, matrix)
    found = confounders_of(strata, inside, values, left)
    told = replace(judged, parameter=parameter, confounders=found, ranges=_lifted(shown, float(values.mean())))
    if mixed := [c for c in found if c.verdict != "holds"]:
        return _silent(told, _why(parameter, mixed))
    if not _lasts(inside, left, day):
        return _silent(told, f"what goes with {parameter} was not there in every third of the time")
    return replace(told, told=True)


def _lasts(inside: NDArray[np.bool_], left: Values, day: NDArray[np.int64]) -> bool:
    """The difference has one sign in each third of the time that has rows on both sides: two drifts meet only once."""
    signs = set()
    for third in np.array_split(np.arange(day.max() + 1), 3):
        here = np.isin(day, third)
        if (here & inside).sum() >= LASTS and (here & ~inside).sum() >= LASTS:
            signs.add(float(left[here & inside].mean() - left[here & ~inside].mean()) > 0)
    return len(signs) == 1


def _why(parameter: str, mixed: Sequence[Confounder]) -> str:
    said = "; ".join(
        f"{c.factor} {c.level}: within it there is no such difference" if c.verdict == "fades"
        else f"{c.factor} {c.level}: the two cannot be told apart" for c in mixed
    )  # fmt: skip
    return f"{parameter} goes with {said}"


def _lifted(ranges: Sequence[Range], by: float) -> tuple[Range, ...]:
    """Levels are told in the response's own unit, not as what is left after the products' means."""
    return tuple(replace(r, value=r.value + by, others=r.others + by) for r in ranges)


def _too_few(rows: int, days: int) -> str:
    return (
        f"{rows} results on {days} days; at least {LEAST_ROWS} on {LEAST_DAYS} are needed to learn from and to judge by"
    )


def _matrix(rows: Sequence[Row], seen: NDArray[np.bool_]) -> tuple[list[str], Values]:
    """Parameters that were measured nearly always and that varied; what is missing gets the median of what was seen."""
    names = sorted({name for row in rows for name in row.parameters})
    columns: dict[str, Values] = {}
    for name in names:
        column = np.array([row.parameters.get(name, np.nan) for row in rows])
        if np.isfinite(column[seen]).mean() > 0.8 and np.nanstd(column[seen]) > 0:
            columns[name] = np.where(np.isfinite(column), column, np.nanmedian(column[seen]))
    return list(columns), np.column_stack(list(columns.values())) if columns else np.empty((len(rows), 0))


def _depth(matrix: Values, left: Values) -> int:
    """A second question only where it clearly helps on the later part of what may be learned from."""
    cut = int(SEEN * len(left))
    gains = []
    for depth in range(1, DEPTH + 1):
        guess = _grown(matrix[:cut], left[:cut], depth).predict(matrix[cut:])
        gains.append(float((left[cut:] ** 2 - (left[cut:] - guess) ** 2).sum()))
    best = max(range(DEPTH), key=gains.__getitem__)
    return best + 1 if gains[best] > WORTH * gains[0] else 1


def _grown(matrix: Values, left: Values, depth: int) -> Any:
    from sklearn.tree import DecisionTreeRegressor

    leaf = max(LEAF_ROWS, int(LEAF * len(left)))
    return DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, random_state=0).fit(matrix, left)


def _judged(known: Model, gain: Values, base: Values, day: NDArray[np.int64], seed: int) -> Model:
    """Skill on unseen days with its interval. Whole days are redrawn: results of one day are alike."""
    gains, bases = np.bincount(day, gain), np.bincount(day, base)
    skills = redrawn(len(gains), seed, lambda chosen: gains[chosen].sum(1) / np.maximum(bases[chosen].sum(1), 1e-300))
    low, high = (float(q) for q in np.quantile(skills, [0.025, 0.975]))
    skill = float(gains.sum() / max(float(bases.sum()), 1e-300))
    found = replace(known, skill=skill, low=low, high=high)
    if skill < SKILL or float((skills <= 0).mean()) > SURE:
        return _silent(found, "on days that it had not seen it was no better than the mean")
    return found


def _by_drift(matrix: Values, left: Values, seen: NDArray[np.bool_], depth: int, skill: float) -> bool:
    """Whether the same is found in the response moved by days against the parameters: two slow drifts meet by chance."""
    for step in np.linspace(0.08, 0.92, SHIFTS):
        moved = np.roll(left, int(step * len(left)))
        guess = _grown(matrix[seen], moved[seen], depth).predict(matrix)
        base = float((moved[~seen] ** 2).sum())
        if 1 - float(((moved - guess)[~seen] ** 2).sum()) / max(base, 1e-300) >= skill:
            return True
    return False


def _silent(known: Model, why: str) -> Model:
    return replace(known, told=False, missing=why)
