"""The difference of two sides, split over what differs: exact, and the same in whatever order the factors are taken.

A side's value is  T · Σ_crew share · (1 - Σ lost) · Σ_product mix · pace · yield:  planned time, which crews worked it, the shares
of it that were lost, what was made in the rest, how fast, how well. Between these six factors the difference is split
by Shapley's value (every order of changing them, averaged); within a factor by its own terms, in which the value is
linear (Owen's value of the game with these six unions). So the parts add up to the difference, and parts of parts to theirs.

Source: Shapley (1953), Owen (1977). What a side does not know (a product that it did not make) is taken as on the other side: only
what both sides have can have changed; that it was made at all is the mix.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mom.changed.side import Lost, Side, Spoilt, Worth

Factor = Literal["planned", "crew", "lost", "mix", "pace", "quality", "uncounted"]
FACTORS: tuple[Factor, ...] = ("planned", "crew", "lost", "mix", "pace", "quality")
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One term of the difference, in its unit. Empty names: the term is not of a machine, a product …"""

    factor: Factor
    value: float
    crew: str = ""
    product: str = ""
    equipment: str = ""  # path
    kind: str = ""  # of lost time: mom.history.classes.TimeClass
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Names:
    crews: Sequence[str]
    products: Sequence[str]
    lost: Sequence[Lost]
    spoilt: Sequence[Spoilt]


@dataclass(frozen=True, slots=True)
class _Arrays:
    """Shapes: planned (), crew (C), lost (C, L), mix and pace (C, P), quality (C, P, S). NaN where a side does not know."""

    planned: Array
    crew: Array
    lost: Array
    mix: Array
    pace: Array
    quality: Array


def split(before: Side, after: Side, worth: Mapping[str, Worth]) -> list[Part]:
    """The parts of value(after) - value(before), none of them zero. They add up to it (floating point: to 1e-9 of the values)."""
    names = _names(before, after)
    sides = _filled(_arrays(before, names), _arrays(after, names))
    good = np.array([worth.get(name, Worth()).good for name in names.products])
    cost = np.array([worth.get(name, Worth()).good + worth.get(name, Worth()).spoilt for name in names.products])
    parts = [part for factor in FACTORS for part in _parts(factor, sides, good, cost, names)]
    parts += _uncounted(before, after, worth)
    return [part for part in parts if part.value != 0.0]


def _names(*sides: Side) -> _Names:
    strata = [(crew, stratum) for side in sides for crew, stratum in side.items()]
    made = [(name, made) for _, stratum in strata for name, made in stratum.made.items()]
    return _Names(
        sorted({crew for crew, _ in strata}),
        sorted({name for name, _ in made}),
        sorted({key for _, stratum in strata for key in stratum.lost}, key=lambda k: (k.equipment, k.kind, k.reason)),
        sorted({key for _, one in made for key in one.spoilt}, key=lambda k: (k.equipment, k.reason)),
    )


def _arrays(side: Side, names: _Names) -> _Arrays:
    count = len(names.crews), len(names.products)
    seconds, amount = np.zeros(count), np.zeros(count)
    planned, lost = np.zeros(count[0]), np.zeros((count[0], len(names.lost)))
    spoilt = np.zeros((*count, len(names.spoilt)))
    for c, crew in enumerate(names.crews):
        if (stratum := side.get(crew)) is None:
            continue
        planned[c] = stratum.planned
        lost[c] = [stratum.lost.get(key, 0.0) for key in names.lost]
        for p, product in enumerate(names.products):
            if (made := stratum.made.get(product)) is not None and made.seconds > 0:
                seconds[c, p], amount[c, p] = made.seconds, made.amount
                spoilt[c, p] = [made.spoilt.get(key, 0.0) for key in names.spoilt] if made.amount > 0 else 0.0
    total, produced = planned.sum(), seconds.sum(axis=1)
    return _Arrays(
        planned=np.asarray(total),
        crew=_over(planned, total),
        lost=_over(lost, planned[:, None]),
        mix=_over(seconds, produced[:, None]),
        pace=_over(amount, seconds),
        quality=_over(spoilt, amount[:, :, None]),
    )


def _over(part: Array, whole: Array | float) -> Array:
    """NaN where there is no whole: not known, which is not nothing."""
    wholes = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    shares: Array = np.divide(part, wholes, out=np.full(part.shape, np.nan), where=wholes > 0)
    return shares


def _filled(before: _Arrays, after: _Arrays) -> tuple[dict[str, Array], dict[str, Array]]:
    """Each side with the other's figures where it has none of its own; where neither has, nothing was made."""
    one, two = ({name: getattr(side, name) for name in FACTORS} for side in (before, after))
    filled: list[dict[str, Array]] = []
    for own, other in ((one, two), (two, one)):
        filled.append({n: np.nan_to_num(np.where(np.isnan(own[n]), other[n], own[n])) for n in FACTORS})
    return filled[0], filled[1]


def _coalitions(factor: Factor) -> Iterator[tuple[float, frozenset[str]]]:
    """(weight, factors that have changed already), over every order in which `factor` may change."""
    others, n = [name for name in FACTORS if name != factor], len(FACTORS)
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for changed in combinations(others, size):
            yield weight, frozenset(changed)


def _parts(
    factor: Factor, sides: tuple[dict[str, Array], dict[str, Array]], good: Array, cost: Array, names: _Names
) -> Iterator[Part]:
    before, after = sides
    delta = after[factor] - before[factor]
    middle = (after[factor] + before[factor]) / 2
    values = np.zeros(delta.shape)
    for weight, changed in _coalitions(factor):
        at: dict[str, Array] = {name: (after if name in changed else before)[name] for name in FACTORS}
        values = values + weight * delta * _slope(factor, at, middle, good, cost)
    for where in np.argwhere(values != 0.0):
        index = tuple(int(i) for i in where)
        yield Part(factor, float(values[index]), **_named(factor, index, names))


def _slope(factor: Factor, at: dict[str, Array], middle: Array, good: Array, cost: Array) -> Any:
    """How the value changes with each term of the factor, all else `at` what it is.

    Shares add up to one on both sides: a crew or product counts for more only if it does better than the others (`middle`: their mean).
    """
    left = 1.0 - at["lost"].sum(axis=1)
    yields = good[None, :] - at["quality"].sum(axis=2) * cost[None, :]
    per_product = at["pace"] * yields
    rate = (at["mix"] * per_product).sum(axis=1)
    time = at["planned"] * at["crew"]
    if factor == "planned":
        return np.asarray((at["crew"] * left * rate).sum())
    if factor == "crew":
        own = left * rate
        return at["planned"] * (own - (middle * own).sum())
    if factor == "lost":
        return -np.broadcast_to((time * rate)[:, None], at["lost"].shape)
    if factor == "mix":
        mean = (middle * per_product).sum(axis=1)
        return (time * left)[:, None] * (per_product - mean[:, None])
    if factor == "pace":
        return (time * left)[:, None] * at["mix"] * yields
    return -((time * left)[:, None] * at["mix"] * at["pace"] * cost[None, :])[:, :, None] * np.ones(at["quality"].shape)


def _named(factor: Factor, index: tuple[int, ...], names: _Names) -> dict[str, Any]:
    if factor == "planned":
        return {}
    crew = names.crews[index[0]]
    if factor == "crew":
        return {"crew": crew}
    if factor == "lost":
        key = names.lost[index[1]]
        return {"crew": crew, "equipment": key.equipment, "kind": str(key.kind), "reason": key.reason}
    product = names.products[index[1]]
    if factor == "quality":
        spoilt = names.spoilt[index[2]]
        return {"crew": crew, "product": product, "equipment": spoilt.equipment, "reason": spoilt.reason}
    return {"crew": crew, "product": product}


def _uncounted(before: Side, after: Side, worth: Mapping[str, Worth]) -> list[Part]:
    """Pieces that were told while nothing was produced (a count that came late): beside the model, by product."""
    found: list[Part] = []
    for sign, side in ((-1.0, before), (1.0, after)):
        for crew, stratum in side.items():
            for product, made in stratum.made.items():
                price = worth.get(product, Worth())
                amount = made.amount if made.seconds <= 0 else 0.0
                spoilt = sum(made.spoilt.values()) if made.seconds <= 0 or made.amount <= 0 else 0.0
                value = amount * price.good - spoilt * (price.good + price.spoilt)
                found.append(Part("uncounted", sign * value, crew, product))
    return found
