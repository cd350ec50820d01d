"""A machine that runs only as fast as another lets it waits too, though it never stands: it keeps the other's pace.

Seen slot by slot: of the stages that were active all the time, one that did less than it could while another did more of what
that one can is paced by it. One that is slow for a reason of its own is not: then no other is busy all the time.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mom.facts import Facts, Window
from mom.kpis.elements import ideal_rate

Floats = NDArray[np.float64]
SLOT = 600.0
BUSY = 0.9
"""Of a slot, that a stage has to be active to be looked at."""
FULL, MARGIN = 0.95, 0.02
"""From this share of its standard a machine counts as fully used; and by so much another has to be used more."""


def without_paced(
    stages: Sequence[Sequence[Facts]], active: Sequence[Sequence[Window]], window: Window
) -> list[list[Window]]:
    """The active periods without the slots in which the stage kept another's pace."""
    edges = np.arange(window.start.timestamp(), window.end.timestamp(), SLOT)
    if len(edges) < 2:
        return [list(periods) for periods in active]
    used = np.array([_used(units, edges) for units in stages])
    busy = np.array([_busy(periods, edges) for periods in active]) >= BUSY
    most = np.where(busy, np.nan_to_num(used), 0.0).max(axis=0)
    paced = busy & (used < FULL) & (used < most - MARGIN)
    return [_cut(periods, edges, slots) for periods, slots in zip(active, paced, strict=True)]


def _used(units: Sequence[Facts], edges: Floats) -> Floats:
    """What a stage made in each slot, as a share of what its standard allows; NaN where no standard is known."""
    shares = []
    for facts in units:
        rates = {product: ideal_rate(facts, product) for product in {count.product for count in facts.counts}}
        if not facts.counts or any(rate is None for rate in rates.values()):
            return np.full(len(edges), np.nan)
        at = np.array([(c.start.timestamp() + c.end.timestamp()) / 2 for c in facts.counts])
        ideal = np.array([c.produced * 60 / (rates[c.product] or 1.0) for c in facts.counts])
        slots = np.searchsorted(edges, at, side="right") - 1
        inside = (slots >= 0) & (at < edges[-1] + SLOT)
        shares.append(np.bincount(slots[inside], weights=ideal[inside], minlength=len(edges)) / SLOT)
    return np.asarray(np.mean(shares, axis=0))


def _busy(periods: Sequence[Window], edges: Floats) -> Floats:
    """The active share of each slot."""
    points = np.array([edge.timestamp() for period in periods for edge in (period.start, period.end)])
    if not len(points):
        return np.zeros(len(edges))
    lengths = np.diff(points, append=points[-1])
    lengths[1::2] = 0.0  # between two periods
    done = np.concatenate(([0.0], np.cumsum(lengths)[:-1]))
    total = np.interp(np.append(edges, edges[-1] + SLOT), points, done)
    return np.asarray(np.diff(total) / SLOT)


def _cut(periods: Sequence[Window], edges: Floats, paced: NDArray[np.bool_]) -> list[Window]:
    """The periods without these slots."""
    found: list[Window] = []
    for period in periods:
        zone = period.start.tzinfo
        start, end = period.start.timestamp(), period.end.timestamp()
        first, last = max(0, int((start - edges[0]) // SLOT)), int((end - edges[0]) // SLOT)
        at = start
        for slot in np.flatnonzero(paced[first : last + 1]) + first:
            low, high = float(edges[slot]), float(edges[slot]) + SLOT
            if low > at:
                found.append(Window(datetime.fromtimestamp(at, zone), datetime.fromtimestamp(low, zone)))
            at = max(at, high)
        if at == start:
            found.append(period)
        elif at < end:
            found.append(Window(datetime.fromtimestamp(at, zone), period.end))
    return found
