"""The signature of a leak: for the same running machines more is drawn than before, and it stays.

What is drawn is set against which machines ran (each draws its own, found by regression); what is left over is a base
load that ought to stay the same. Where it changes is found by change points (PELT; Killick, Fearnhead, Eckley 2012), how
much by the same regression with a level for each stretch, errors after Newey and West.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from mom.energy.meter import Floats, MeterFacts, Times, by_hour

LEAST_HOURS = 120
BEFORE_HOURS = 48
"""So much must be known before a change, and of the level after it, `AFTER_HOURS`."""
AFTER_HOURS = 12
BLOCK = 3
"""Hours that are looked at together: a change is dated to these."""
LEAST_OF_BASE, LEAST_OF_ALL = 0.1, 0.02
"""A rise smaller than these shares of the base load, and of what is drawn in all, is no leak."""
TELLING = 0.25
"""Of a rise: a change smaller than that before it is not its beginning."""
LEAST_NOISE = 0.005
"""Of what is left over: a meter that tells whole kWh is no exacter."""
PENALTY = 6.0
"""What a further change must explain, in variances of a block times the logarithm of their number."""
LAGS = 6
YEAR = 8766
"""Hours."""
STILL_SLOTS = 24
"""Slots of standstill, before and since, that show the rise by themselves."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`rise` in kW with its 95 % interval; `until`: None while it lasts. `standing`: the rise at standstill alone, where
    it stood for long enough before and since: the second, independent evidence."""

    since: datetime
    until: datetime | None
    base: float  # kW before
    rise: float
    low: float
    high: float
    hours: int  # metered since
    standing: float | None
    cost_year: Decimal
    cost_low: Decimal
    cost_high: Decimal

    @property
    def sure(self) -> bool:
        """Whether standstill shows the same."""
        return self.standing is not None and self.standing > 0.3 * self.rise


def leaks_of(facts: MeterFacts) -> tuple[tuple[Leak, ...], str]:
    """(leaks in order of time, "") or ((), why nothing can be said). None found and nothing missing: there is none."""
    at, used, ran, _ = by_hour(facts)
    if len(used) < LEAST_HOURS:
        return (), f"only {len(used)} whole hours were metered, {LEAST_HOURS} are needed"
    cuts = _changes(used, ran)
    if not cuts:
        return (), ""
    edges = [0, *cuts, len(used)]
    levels, errors = _levels(used, ran, edges)
    found = [_leak(facts, at, used, edges, levels, errors, stretch) for stretch in _rises(levels, edges)]
    return tuple(leak for leak in found if leak is not None), ""


def _changes(used: Floats, ran: Floats) -> list[int]:
    """The hours at which the base load changes, found with the machines' draw, in turns."""
    cuts: list[int] = []
    for _ in range(4):
        edges = [0, *cuts, len(used)]
        left = used - ran @ _draws(used, ran, edges)
        found = _points(left)
        if found == cuts:
            break
        cuts = found
    return cuts


def _points(left: Floats) -> list[int]:
    import ruptures

    blocks = len(left) // BLOCK
    means = left[: blocks * BLOCK].reshape(blocks, BLOCK).mean(axis=1)
    noise = max(float(np.median(np.abs(np.diff(means)))) / 0.954, LEAST_NOISE * float(np.abs(means).mean()), 1e-9)
    finder = ruptures.Pelt(model="l2", min_size=AFTER_HOURS // BLOCK, jump=1).fit(means / noise)
    points = finder.predict(pen=PENALTY * np.log(blocks))[:-1]
    return [int(point) * BLOCK for point in points]


def _design(ran: Floats, edges: Sequence[int]) -> Floats:
    """A column for each stretch's level, then the machines that ran sometimes and stood sometimes."""
    levels = np.zeros((len(ran), len(edges) - 1))
    for number, (low, high) in enumerate(pairwise(edges)):
        levels[low:high, number] = 1.0
    return np.hstack([levels, ran])


def _draws(used: Floats, ran: Floats, edges: Sequence[int]) -> Floats:
    solved = np.linalg.lstsq(_design(ran, edges), used, rcond=None)[0].astype(np.float64)
    return solved[len(edges) - 1 :]


def _levels(used: Floats, ran: Floats, edges: Sequence[int]) -> tuple[Floats, Floats]:
    """Each stretch's base load in kW, and their covariance."""
    from statsmodels.api import OLS

    fit: Any = OLS(used, _design(_telling(ran), edges)).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS})
    number = len(edges) - 1
    return fit.params[:number], np.asarray(fit.cov_params())[:number, :number]


def _telling(ran: Floats) -> Floats:
    """The machines whose running is not that of others: of two that always run together one tells of both."""
    kept: list[int] = []
    for place in range(ran.shape[1]):
        tried = np.column_stack([np.ones(len(ran)), ran[:, [*kept, place]]])
        if np.linalg.matrix_rank(tried, tol=1e-3 * len(ran) ** 0.5) == tried.shape[1]:
            kept.append(place)
    return ran[:, kept]


def _rises(levels: Floats, edges: Sequence[int]) -> list[tuple[int, int, int]]:
    """(the stretch before, the first risen one, the last one): levels that rise one after another are one leak."""
    found: list[tuple[int, int, int]] = []
    number = 1
    while number < len(levels):
        before = number - 1
        if levels[number] <= levels[before] or edges[number] < BEFORE_HOURS:
            number += 1
            continue
        last = number
        half = levels[before] + 0.5 * (levels[number] - levels[before])
        while last + 1 < len(levels) and levels[last + 1] > half:
            last += 1
        telling = levels[before] + TELLING * (levels[last] - levels[before])
        first = next(place for place in range(number, last + 1) if levels[place] >= telling)
        found.append((before, first, last))
        number = last + 1
    return found


def _leak(
    facts: MeterFacts,
    at: Times,
    used: Floats,
    edges: Sequence[int],
    levels: Floats,
    errors: Floats,
    stretch: tuple[int, int, int],
) -> Leak | None:
    before, first, last = stretch
    hours = edges[last + 1] - edges[first]
    rise = float(levels[last] - levels[before])
    error = float(np.sqrt(max(errors[last, last] + errors[before, before] - 2 * errors[last, before], 0.0)))
    low, high = rise - 1.96 * error, rise + 1.96 * error
    base = float(levels[before])
    if low <= 0 or rise < max(LEAST_OF_BASE * abs(base), LEAST_OF_ALL * float(used.mean())) or hours < AFTER_HOURS:
        return None
    since, until = at[edges[first]], at[edges[last + 1]] if last + 2 < len(edges) else None
    costs = [Decimal(kilowatts * YEAR) * facts.price for kilowatts in (rise, low, high)]
    money = [cost.quantize(Decimal("0.01")) for cost in costs]
    still = _at_standstill(facts, int(since), int(until) if until is not None else None)
    return Leak(_moment(since), None if until is None else _moment(until), base, rise, low, high, hours, still, *money)


def _at_standstill(facts: MeterFacts, since: int, until: int | None) -> float | None:
    """The rise in kW of slots in which nothing ran, none where there are too few."""
    standing, hours = facts.standing, 12
    after = standing & (facts.at >= since) & (facts.at < until if until is not None else True)
    before = standing & (facts.at < since)
    if min(int(before.sum()), int(after.sum())) < STILL_SLOTS:
        return None
    return float(facts.used[after].mean() - facts.used[before].mean()) * hours


def _moment(at: Any) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at))
