"""Every kind of control chart, by its name: phase I and phase II in one call each."""

from collections.abc import Collection, Sequence

from mom.quality import attributes, memory, variables
from mom.quality.chart import Basis, Chart, Family, Kind, Sample, learned
from mom.quality.rules import DEFAULT

FAMILIES: dict[Kind, Family] = {
    Kind.individuals: variables.INDIVIDUALS,
    Kind.xbar_r: variables.XBAR_R,
    Kind.xbar_s: variables.XBAR_S,
    Kind.p: attributes.P,
    Kind.np: attributes.NP,
    Kind.c: attributes.C,
    Kind.u: attributes.U,
    Kind.ewma: memory.EWMA,
    Kind.cusum: memory.CUSUM,
}


def basis_of(kind: Kind, samples: Sequence[Sample]) -> Basis:
    """Phase I: what the process is while in control. Raises BadInput when the samples do not tell."""
    return learned(FAMILIES[kind], samples)


def chart_of(kind: Kind, samples: Sequence[Sample], basis: Basis, on: Collection[int] = DEFAULT) -> Chart:
    """Phase II: samples in order of time, held against a basis that was learned before. `on`: Nelson's rules."""
    return Chart(kind, basis, FAMILIES[kind].draw(samples, basis, on))
