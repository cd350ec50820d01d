"""Charts of measured values: individuals with moving range, X-bar with R, X-bar with S. Subgroups may differ in size."""

from collections.abc import Collection, Sequence
from math import exp, fsum, lgamma, sqrt

from mom.errors import BadInput
from mom.quality.chart import Basis, Family, Panel, Sample, panel
from mom.quality.spread import MOVING_RANGE, deviation, mean

D2 = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}
D3 = {2: 0.853, 3: 0.888, 4: 0.880, 5: 0.864, 6: 0.848, 7: 0.833, 8: 0.820, 9: 0.808, 10: 0.797}
"""Mean and deviation of the range of n normal values, in sigmas (ISO 7870-2, annex; NIST handbook 6.3.2)."""
RANGE_ON = (1,)
"""A range is not normal: only its limits are asked."""


def c4(n: float) -> float:
    """Mean of the standard deviation of n normal values, in sigmas."""
    return sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))


def _individuals(samples: Sequence[Sample]) -> tuple[float, float]:
    values = _singles(samples)
    return mean(values), mean(_ranges(values)) / MOVING_RANGE


def _draw_individuals(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
    values = _singles(samples)
    count = len(values)
    level = panel("value", values, [basis.centre] * count, [basis.sigma] * count, on)
    first = MOVING_RANGE * basis.sigma
    ranges = [first, *_ranges(values)]  # the first point has no range: it is drawn at the centre
    spread = panel(
        "moving range", ranges, [first] * count, [D3[2] * basis.sigma] * count, RANGE_ON, floor=0.0
    )  # fmt: skip
    return level, spread


def _xbar_r(samples: Sequence[Sample]) -> tuple[float, float]:
    groups = _groups(samples, most=10)
    return _grand(groups), mean([(max(g) - min(g)) / D2[len(g)] for g in groups])


def _draw_xbar_r(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
    groups = _groups(samples, most=10)
    ranges = [max(g) - min(g) for g in groups]
    middle, spread = [D2[len(g)] * basis.sigma for g in groups], [D3[len(g)] * basis.sigma for g in groups]
    return _means(groups, basis, on), panel("range", ranges, middle, spread, RANGE_ON, floor=0.0)


def _xbar_s(samples: Sequence[Sample]) -> tuple[float, float]:
    groups = _groups(samples)
    return _grand(groups), mean([deviation(g) / c4(len(g)) for g in groups])


def _draw_xbar_s(samples: Sequence[Sample], basis: Basis, on: Collection[int]) -> tuple[Panel, ...]:
    groups = _groups(samples)
    middle = [c4(len(g)) * basis.sigma for g in groups]
    spread = [sqrt(1 - c4(len(g)) ** 2) * basis.sigma for g in groups]
    lower = panel("standard deviation", [deviation(g) for g in groups], middle, spread, RANGE_ON, floor=0.0)
    return _means(groups, basis, on), lower


def _means(groups: Sequence[tuple[float, ...]], basis: Basis, on: Collection[int]) -> Panel:
    sigmas = [basis.sigma / sqrt(len(g)) for g in groups]
    return panel("mean", [mean(g) for g in groups], [basis.centre] * len(groups), sigmas, on)


def _grand(groups: Sequence[tuple[float, ...]]) -> float:
    return fsum(v for g in groups for v in g) / sum(map(len, groups))


def _ranges(values: Sequence[float]) -> list[float]:
    return [abs(b - a) for a, b in zip(values, values[1:], strict=False)]  # noqa: RUF007


def _singles(samples: Sequence[Sample]) -> list[float]:
    if wrong := next((s for s in samples if len(s.values) != 1), None):
        raise BadInput(f"A sample of {len(wrong.values)} values: an individuals chart takes one at a time.")
    return [s.values[0] for s in samples]


def _groups(samples: Sequence[Sample], most: int = 1000) -> list[tuple[float, ...]]:
    if wrong := next((s for s in samples if not 2 <= len(s.values) <= most), None):
        raise BadInput(
            f"A subgroup of {len(wrong.values)} values; 2 to {most} are taken.", remedy="Take the X-bar and S chart."
        )
    return [s.values for s in samples]


INDIVIDUALS = Family(_individuals, _draw_individuals)
XBAR_R = Family(_xbar_r, _draw_xbar_r)
XBAR_S = Family(_xbar_s, _draw_xbar_s)
