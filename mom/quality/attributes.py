"""Charts of counts: p and np (defective pieces), c and u (defects). Samples of p and u may differ in size.

With thousands of pieces in a sample a process varies by more than chance alone, and every point would be out. So sigma
is widened by the factor that the points of phase I vary by (Laney, 2002: the p' and u' charts), never narrowed.
"""

from collections.abc import Callable, Collection, Sequence
from math import fsum, sqrt

from mom.errors import BadInput
from mom.quality.chart import Basis, Family, Panel, Sample, panel
from mom.quality.spread import MOVING_RANGE, mean

DOUBT = 2.5
"""A factor within three of its own standard errors (0.85 / sqrt(points)) of 1 is chance."""
Chance = Callable[[float, float], float]
"""(centre, size) -> the deviation that chance alone gives a sample's share or rate."""


def _binomial(centre: float, size: float) -> float:
    return sqrt(max(centre * (1 - centre), 0.0) / size)


def _poisson(centre: float, size: float) -> float:
    return sqrt(max(centre, 0.0) / size)


def _learn(chance: Chance, samples: Sequence[Sample]) -> tuple[float, float]:
    """The share of all, and how much wider than chance the points lie about it."""
    _check(samples)
    centre = fsum(s.count for s in samples) / fsum(s.size for s in samples)
    if centre <= 0 or (chance is _binomial and centre >= 1):
        return centre, 0.0
    z = [(s.count / s.size - centre) / chance(centre, s.size) for s in samples]
    moving = mean([abs(b - a) for a, b in zip(z, z[1:], strict=False)]) / MOVING_RANGE  # noqa: RUF007
    return centre, moving if moving > 1 + DOUBT / sqrt(len(samples)) else 1.0


def _draw(
    says: str, chance: Chance, whole: bool, samples: Sequence[Sample], basis: Basis, on: Collection[int]
) -> tuple[Panel, ...]:
    """`whole`: the points are numbers of pieces, not shares."""
    _check(samples)
    times = [s.size if whole else 1.0 for s in samples]
    values = [s.count / s.size * t for s, t in zip(samples, times, strict=True)]
    sigmas = [basis.sigma * chance(basis.centre, s.size) * t for s, t in zip(samples, times, strict=True)]
    ceiling = 1.0 if chance is _binomial and not whole else None
    return (panel(says, values, [basis.centre * t for t in times], sigmas, on, floor=0.0, ceiling=ceiling),)


def _check(samples: Sequence[Sample]) -> None:
    for s in samples:
        if not s.size > 0 or s.count < 0:
            raise BadInput(
                f"A sample counts {s.count:g} in {s.size:g}; the size has to be above 0, the count 0 or more."
            )


def _family(says: str, chance: Chance, *, whole: bool) -> Family:
    def learn(samples: Sequence[Sample]) -> tuple[float, float]:
        return _learn(chance, samples)

    def draw(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
        return _draw(says, chance, whole, samples, basis, on)

    return Family(learn, draw)


P = _family("share defective", _binomial, whole=False)
NP = _family("defective pieces", _binomial, whole=True)
C = _family("defects", _poisson, whole=True)
U = _family("defects per unit", _poisson, whole=False)
