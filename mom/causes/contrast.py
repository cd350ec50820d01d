"""With and without: how much more of a loss there is while something holds, and whether chance would do that. Pure.

Rates are compared by their likelihood (a Poisson count whose scatter is measured, McCullagh and Nelder 1989, ch. 9).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mom.causes.course import Course, Flags, Numbers

Places = NDArray[np.int64]
LEAST = 1e-9
MOST_SPANS = 240
"""So few spans that every stretch of them can be looked at."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """`on`, `off`: the loss per hour run or piece made with and without; `gain`: log-likelihood over one level for all."""

    on: float
    off: float
    gain: float
    share: float  # of the loss that lies in "with"
    expected: float  # share of the exposure that lies in "with": the share that chance would give
    spells: int  # how often it was on, with exposure

    @property
    def ratio(self) -> float:
        return self.on / max(self.off, LEAST)


def contrast(course: Course, mask: Flags) -> Contrast | None:
    """None where either side has no exposure, or there is nothing of the loss."""
    seen = course.exposure > 0
    total, amount = course.exposure.sum(), course.amount.sum()
    with_it = mask & seen
    exposed, lost = course.exposure[with_it].sum(), course.amount[with_it].sum()
    if amount <= 0 or exposed <= 0 or exposed >= total:
        return None
    on, off = lost / exposed, (amount - lost) / (total - exposed)
    gain = _term(lost, exposed) + _term(amount - lost, total - exposed) - _term(amount, total)
    signed = gain if on >= off else -gain
    return Contrast(
        float(on), float(off), float(signed / course.dispersion), float(lost / amount), float(exposed / total),
        _spells(with_it, seen),
    )  # fmt: skip


def dose(course: Course, level: Numbers) -> float:
    """The log-likelihood gained by a loss that grows with `level` (one number a span; NaN where it is not known).

    Signed: negative where the loss falls with it. Ten groups of the level's ranks, made monotone, so no shape is assumed.
    """
    seen = (course.exposure > 0) & np.isfinite(level)
    amount, exposure, known = course.amount[seen], course.exposure[seen], level[seen]
    if amount.sum() <= 0 or len(known) < 20:
        return 0.0
    order = np.argsort(known, kind="stable")
    edges = np.searchsorted(np.cumsum(exposure[order]), np.linspace(0, exposure.sum(), 11)[1:-1])
    lost = np.array([part.sum() for part in np.split(amount[order], edges)])
    made = np.array([part.sum() for part in np.split(exposure[order], edges)])
    up, down = _monotone(lost, made), _monotone(lost[::-1], made[::-1])
    base = _term(float(amount.sum()), float(exposure.sum()))
    return float((up if up >= down else -down) - (base if up >= down else -base)) / course.dispersion


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of time in which there was more of the loss, and what that explains of all of it."""

    start: float  # epoch seconds
    end: float
    gain: float


def spell(course: Course, least: int = 2, around: tuple[float, float] | None = None) -> Spell | None:
    """The stretch that explains most: what an unknown trouble that came and went would look like.

    `around`: only stretches that have time in common with it (epoch seconds). Looked for in pooled spans first, its ends
    then span by span.
    """
    seen = course.exposure > 0
    times, amount, exposure = course.times[seen], course.amount[seen], course.exposure[seen]
    width = max(1, -(-len(times) // MOST_SPANS))
    if len(times) < 2 * least * width:
        return None
    lost, made = np.concatenate([[0], np.cumsum(amount)]), np.concatenate([[0], np.cumsum(exposure)])
    starts, ends = times - course.step / 2, times + course.step / 2
    edges = np.append(np.arange(0, len(times), width), len(times))
    low, high = (edges[some] for some in np.triu_indices(len(edges), least))
    found = _best(low, high, lost, made, (starts, ends, around))
    if found is None:
        return None
    near = np.arange(-2 * width, 2 * width + 1)
    low, high = (some.ravel() for some in np.meshgrid(found[0] + near, found[1] + near))
    fits = (low >= 0) & (high <= len(times)) & (high - low >= least)
    finest = _best(low[fits], high[fits], lost, made, (starts, ends, around)) or found
    first, last, gain = finest
    return Spell(float(starts[first]), float(ends[last - 1]), gain / course.dispersion)


def _best(
    low: Places, high: Places, lost: Numbers, made: Numbers, when: tuple[Numbers, Numbers, tuple[float, float] | None]
) -> tuple[int, int, float] | None:
    """Of the stretches [low, high) the one in which the loss is larger and that explains most: (low, high, gain)."""
    starts, ends, around = when
    a, n = lost[high] - lost[low], made[high] - made[low]
    fits = (n > 0) & (n < made[-1]) & (a * (made[-1] - n) > (lost[-1] - a) * n)
    if around is not None:
        fits &= (starts[np.minimum(low, len(starts) - 1)] < around[1]) & (ends[high - 1] > around[0])
    if not fits.any():
        return None
    gains = _terms(a, n) + _terms(lost[-1] - a, made[-1] - n) - _term(float(lost[-1]), float(made[-1]))
    best = int(np.argmax(np.where(fits, gains, -np.inf)))
    return int(low[best]), int(high[best]), float(gains[best])


def _monotone(lost: Numbers, made: Numbers) -> float:
    """The log-likelihood of rates that never fall from group to group (pool adjacent violators)."""
    blocks: list[tuple[float, float]] = []
    for a, n in zip(lost, made, strict=True):
        if n <= 0:
            continue
        blocks.append((float(a), float(n)))
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
            (a1, n1), (a2, n2) = blocks.pop(), blocks.pop()
            blocks.append((a1 + a2, n1 + n2))
    return sum(_term(a, n) for a, n in blocks)


def _term(amount: float, exposure: float) -> float:
    return float(amount * np.log(amount / exposure)) if amount > 0 and exposure > 0 else 0.0


def _terms(amount: Numbers, exposure: Numbers) -> Numbers:
    return np.where(amount > 0, amount * np.log(np.maximum(amount, 1e-300) / np.maximum(exposure, 1e-12)), 0.0)


def _spells(on: Flags, seen: Flags) -> int:
    """How often it came on, in the time that was seen."""
    held = on[seen].astype(int)
    return int((np.diff(np.concatenate([[0], held])) == 1).sum())
