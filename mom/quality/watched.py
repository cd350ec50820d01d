"""A series under watch: what it was while in control, what its chart says since, and the episodes in which it was out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mom.errors import BadInput
from mom.quality.chart import Chart, Kind, Sample
from mom.quality.charts import basis_of, chart_of
from mom.quality.rules import DEFAULT, RULES
from mom.quality.series import Series

BASELINE = 60
"""The first results of a series: phase I. The error of a sigma from 60 single values is 11 %."""
CONFIRMED, OF = 3, 6
"""An episode is confirmed by three signals within six results. Chance alone does that once in 2,000 results (rules 1, 2, 5)."""
QUIET = 8
"""Results in a row without a signal: what comes after is another episode."""


@dataclass(frozen=True, slots=True)
class Episode:
    """Numbers of results in the series. `first` and `last` signal; `good`: the last in control before, None: there is none.

    `confirmed`: by how many results in it was sure, or a result that signals lay beyond its limits. `over`: it has ended.
    """

    first: int
    last: int
    good: int | None
    confirmed: int | None
    over: bool
    rules: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """`chart` is None where phase I did not tell: `missing` says why."""

    series: Series
    chart: Chart | None = None
    baseline: int = 0
    episodes: tuple[Episode, ...] = ()
    missing: str = ""


def watched(series: Series, on: Collection[int] = DEFAULT, kind: Kind = Kind.individuals) -> Watched:
    """Phase I on the first 60 results, phase II on all; episodes only of results after phase I."""
    samples = [Sample((value,)) for value in series.values]
    baseline = min(BASELINE, len(samples))
    try:
        basis = basis_of(kind, samples[:baseline])
    except BadInput as fault:
        return Watched(series, missing=str(fault))
    chart = chart_of(kind, samples, basis, on)
    signals = [() if n < baseline else found for n, found in enumerate(chart.signals)]
    return Watched(series, chart, baseline, tuple(episodes(signals, [r.outside for r in series.results])))


def episodes(signals: Sequence[tuple[int, ...]], outside: Sequence[bool]) -> list[Episode]:
    """Runs of signals with fewer than `QUIET` results between them."""
    found: list[Episode] = []
    marked = [n for n, signal in enumerate(signals) if signal]
    groups: list[list[int]] = []
    for n in marked:
        if groups and n - groups[-1][-1] <= QUIET:
            groups[-1].append(n)
        else:
            groups.append([n])
    for group in groups:
        rules = tuple(sorted({number for n in group for number in signals[n]}))
        over = len(signals) - 1 - group[-1] >= QUIET
        found.append(Episode(group[0], group[-1], _good(signals, group[0]), _confirmed(group, outside), over, rules))
    return found


def _good(signals: Sequence[tuple[int, ...]], first: int) -> int | None:
    """The last result before the pattern that signals: a run of nine began eight results earlier."""
    reach = max(RULES[number].needs for number in signals[first])
    return first - reach if first - reach >= 0 else None


def _confirmed(group: Sequence[int], outside: Sequence[bool]) -> int | None:
    for i, n in enumerate(group):
        if outside[n] or (i + 1 >= CONFIRMED and n - group[i + 1 - CONFIRMED] < OF):
            return n
    return None
