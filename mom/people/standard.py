"""Groups of people against standard time, with what they were given taken out: machine, product, material, practice.

A piece of work is a stretch on one product at one machine or line: the time taken, and the standard time of what was made.
The logarithm of their ratio is explained by machine, product and material (an effect each), by practice (how often the
group had made the product before; Wright's learning curve is a line in logarithms) and by the group. What the group adds
has an interval; the best guess is drawn towards all groups by how much they truly differ (empirical Bayes: Efron and
Morris 1975), so that a group seen seldom is not called extreme.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_WORK = 8
"""Pieces of work of a group: with fewer nothing is said of it."""
LEAST_GROUPS = 2
LEVEL = 1.6449
"""Of a normal distribution: 90 % lie within."""


@dataclass(frozen=True, slots=True)
class Work:
    """`taken`, `standard` in seconds; `before`: how often the group had made the product; `occasion`: what belongs
    together (a shift): its pieces of work are not independent."""

    group: str
    machine: str
    product: str
    taken: float
    standard: float
    material: str = ""
    before: int = 0
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Against:
    """A group against the mean of the groups: 0.05 is five percent more time for the same work. `low`, `high`: 90 %.

    `guess`: the best guess, drawn in. `missing` says why there is none. `plain`: before anything was taken out.
    """

    group: str
    work: int
    hours: float
    plain: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    guess: float | None = None
    missing: str = ""

    @property
    def differs(self) -> bool:
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def against_standard(work: Sequence[Work]) -> list[Against]:
    """Every group of `work`, in order of name. One that cannot be told from its product or machine says so."""
    told = [piece for piece in work if piece.taken > 0 and piece.standard > 0]
    groups = sorted({piece.group for piece in work})
    mine = {group: [piece for piece in told if piece.group == group] for group in groups}
    enough = [group for group in groups if len(mine[group]) >= LEAST_WORK]
    few = {
        group: f"only {len(mine[group])} pieces of work, {LEAST_WORK} are needed"
        for group in groups
        if group not in enough
    }
    if len(enough) < LEAST_GROUPS:
        return [_none(group, mine[group], few.get(group, "no other group to hold it against")) for group in groups]
    found = _fitted([piece for piece in told if piece.group in enough], enough)
    return [found.get(group) or _none(group, mine[group], few[group]) for group in groups]


def _fitted(work: Sequence[Work], groups: list[str]) -> dict[str, Against]:
    from statsmodels.api import OLS

    ratio = np.log([piece.taken / piece.standard for piece in work])
    of_group = _dummies([piece.group for piece in work])
    given = [_dummies([getattr(piece, name) for piece in work])[:, 1:] for name in ("machine", "product", "material")]
    practice = np.log2([1.0 + piece.before for piece in work])[:, None]
    design = np.hstack([of_group, *given, *([practice] if practice.std() > 0 else [])])
    occasions = np.unique([piece.occasion or str(number) for number, piece in enumerate(work)], return_inverse=True)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cannot be told apart is looked for below, group by group
        fit: Any = OLS(ratio, design).fit(cov_type="cluster", cov_kwds={"groups": occasions})
    contrasts = np.eye(len(groups)) - 1.0 / len(groups)
    covariance = np.asarray(fit.cov_params())[: len(groups), : len(groups)]
    effects = contrasts @ fit.params[: len(groups)]
    errors = np.sqrt(np.maximum(np.diag(contrasts @ covariance @ contrasts.T), 0.0))
    guesses = _drawn_in(effects, errors)
    plain = {
        group: float(np.mean([r for r, p in zip(ratio, work, strict=True) if p.group == group])) for group in groups
    }
    found: dict[str, Against] = {}
    for place, group in enumerate(groups):
        mine = [piece for piece in work if piece.group == group]
        if not _estimable(design, np.pad(contrasts[place], (0, design.shape[1] - len(groups)))):
            found[group] = _none(group, mine, "what it was given was given to it alone: the two cannot be told apart")
            continue
        ends = (effects[place] + sign * LEVEL * errors[place] for sign in (-1, 0, 1))
        low, effect, high = (float(np.expm1(end)) for end in ends)
        own = plain[group] - float(np.mean(list(plain.values())))
        guess = float(np.expm1(guesses[place]))
        found[group] = Against(group, len(mine), _hours(mine), float(np.expm1(own)), effect, low, high, guess)
    return found


def _dummies(names: Sequence[str]) -> Floats:
    """A column of ones and noughts for each name, in order."""
    listed = np.array(names)
    return np.column_stack([listed == name for name in np.unique(listed)]).astype(np.float64)


def _estimable(design: Floats, contrast: Floats) -> bool:
    """Whether the data tell of this contrast: it lies in the rows' space."""
    projected = np.linalg.pinv(design) @ design @ contrast
    return bool(np.allclose(projected, contrast, atol=1e-6))


def _drawn_in(effects: Floats, errors: Floats) -> Floats:
    """Each effect drawn towards none by the share of the differences that is chance."""
    spread = max(0.0, float(np.var(effects, ddof=1) - np.mean(errors**2)))
    drawn: Floats = effects * spread / (spread + errors**2) if spread > 0 else effects * 0.0
    return drawn


def _none(group: str, work: Sequence[Work], why: str) -> Against:
    return Against(group, len(work), _hours(work), missing=why)


def _hours(work: Sequence[Work]) -> float:
    return sum(piece.taken for piece in work) / 3600
