"""What a control chart is: a basis learned in phase I, and points held against it in phase II.

A `Basis` is what the process was while it was in control; `Panel`s are what is drawn. One file a family of charts:
variables.py (individuals, X-bar R, X-bar S), attributes.py (p, np, c, u), memory.py (EWMA, CUSUM).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mom.errors import BadInput
from mom.quality import rules


class Kind(StrEnum):
    individuals = "individuals"
    xbar_r = "xbar_r"
    xbar_s = "xbar_s"
    p = "p"
    np = "np"
    c = "c"
    u = "u"
    ewma = "ewma"
    cusum = "cusum"


TITLES = {
    Kind.individuals: "individuals chart", Kind.xbar_r: "X-bar and R chart", Kind.xbar_s: "X-bar and S chart",
    Kind.p: "p chart", Kind.np: "np chart", Kind.c: "c chart", Kind.u: "u chart",
    Kind.ewma: "EWMA chart", Kind.cusum: "CUSUM chart",
}  # fmt: skip
LEAST = 20
"""Points of phase I without which limits say nothing: their own error would be a third of a sigma."""
OUT_OF_IT = 0.2
"""Of the points of phase I: when more than this share has to be left out, it was not in control."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One point's data: measured values (a rational subgroup), or `count` of defects or defectives in `size` pieces."""

    values: tuple[float, ...] = ()
    count: float = 0.0
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Basis:
    """A process in control: its centre, the sigma of single values (of the proportion's unit for p and np, of a count for c
    and u: the factor that its spread is larger than chance, 1 when it is chance), and how many points it was learned from."""

    centre: float
    sigma: float
    points: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """`signals`: numbers of Nelson's rules, 1 where the chart has only its limits."""

    value: float
    centre: float
    low: float | None
    high: float | None
    signals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn above one another: the level, then the spread. `says`: what the points are."""

    says: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    kind: Kind
    basis: Basis
    panels: tuple[Panel, ...]

    @property
    def signals(self) -> list[tuple[int, ...]]:
        """By point, of all panels."""
        found = [[*panel.points] for panel in self.panels]
        return [tuple(sorted({n for panel in found for n in panel[i].signals})) for i in range(len(found[0]))]


Draw = Callable[[Sequence[Sample], Basis, Collection[int]], tuple[Panel, ...]]
Learn = Callable[[Sequence[Sample]], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Family:
    """`learn`: centre and sigma of samples; `draw`: panels of samples against a basis."""

    learn: Learn
    draw: Draw


def learned(family: Family, samples: Sequence[Sample]) -> Basis:
    """Phase I: limits from the samples, those beyond 3 sigma left out, until none is. Raises BadInput.

    Only points beyond the limits are left out: other patterns are part of what the process is.
    """
    if len(samples) < LEAST:
        raise BadInput(f"{len(samples)} samples are too few to know a process by; at least {LEAST} are needed.")
    kept = list(samples)
    while True:
        centre, sigma = family.learn(kept)
        if not sigma > 0:
            raise BadInput("The samples do not vary, so that no limits follow from them.")
        basis = Basis(centre, sigma, len(kept), len(samples) - len(kept))
        first = family.draw(kept, basis, (1,))[0].points
        inside = [sample for sample, point in zip(kept, first, strict=True) if not point.signals]
        if len(inside) == len(kept):
            return basis
        if len(inside) < (1 - OUT_OF_IT) * len(samples):
            out = len(samples) - len(inside)
            raise BadInput(f"{out} of {len(samples)} samples are out of control: no limits follow from them.")
        kept = inside


def panel(says: str, values: Sequence[float], centre: Sequence[float], sigma: Sequence[float], on: Collection[int],
          floor: float | None = None, ceiling: float | None = None) -> Panel:  # fmt: skip
    """Values with limits at 3 of their own sigmas (never beyond `floor` and `ceiling`) and the rules that are on."""
    at, middle, spread = (np.asarray(x, float) for x in (values, centre, sigma))
    found = rules.signals((at - middle) / np.where(spread > 0, spread, np.inf), on)
    low, high = middle - 3 * spread, middle + 3 * spread
    low = low if floor is None else np.maximum(low, floor)
    high = high if ceiling is None else np.minimum(high, ceiling)
    points = zip(at.tolist(), middle.tolist(), low.tolist(), high.tolist(), found, strict=True)
    return Panel(says, tuple(Point(*point) for point in points))
