"""What one energy meter told, in slots of five minutes, beside what ran and what was made: frozen, no session inside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mom.facts import StateSpan, Window
from mom.history.packml import PRODUCING, UNKNOWN
from mom.history.values import MINUTE

SLOT = 5 * MINUTE
HOUR = 12
"""Slots of an hour."""
Floats = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """Rows are slots, those of which the meter told; `at`: when each began, microseconds since 1970.

    `running`: a column a machine that draws from it, the share of the slot in which it produced (NaN: not known).
    `good`: good pieces of its line (of a meter of the whole site: of all lines).
    """

    path: str
    name: str
    tag: str
    window: Window
    currency: str
    price: Decimal  # of one kWh
    at: Times
    used: Floats  # kWh
    machines: tuple[str, ...]
    running: Floats
    good: Floats
    products: Sequence[str | None]  # on the line in each slot; none where several lines draw from it
    shifts: Sequence[str | None]

    @property
    def standing(self) -> NDArray[np.bool_]:
        """Slots in which it is known that nothing that draws from it produced."""
        found: NDArray[np.bool_] = (
            (self.running == 0).all(axis=1) if self.running.shape[1] else np.zeros(len(self.at), bool)
        )
        return found

    @property
    def days(self) -> float:
        return len(self.at) * SLOT / 86_400e6

    def cut(self, window: Window) -> "MeterFacts":
        """The slots that begin in `window`."""
        low, high = np.searchsorted(self.at, [_micros(window.start), _micros(window.end)])
        part = slice(int(low), int(high))
        return replace(
            self, window=window, at=self.at[part], used=self.used[part], running=self.running[part],
            good=self.good[part], products=self.products[part], shifts=self.shifts[part],
        )  # fmt: skip


def rises(at: Times, last: Floats) -> tuple[Times, Floats]:
    """(slots, kWh in each) of a total that grows: what it rose since the slot before, a reset counts from zero.

    A slot after a gap is left out: when in the gap it was drawn nobody knows.
    """
    if len(at) < 2:
        return np.empty(0, np.int64), np.empty(0)
    steps = np.diff(last)
    used = np.where(steps >= 0, steps, last[1:])
    whole = np.diff(at) == SLOT
    return at[1:][whole], used[whole]


def shares(at: Times, states: Sequence[StateSpan]) -> Floats:
    """The share of each slot in which a machine produced; NaN where its state is not known all along."""
    ran, known = (np.zeros(len(at)) for _ in range(2))
    for span in states:
        start, end = _micros(span.start), _micros(span.end)
        first, until = np.searchsorted(at, start - SLOT, side="right"), np.searchsorted(at, end)
        if span.state == UNKNOWN or first >= until:
            continue
        part = (np.minimum(at[first:until] + SLOT, end) - np.maximum(at[first:until], start)) / SLOT
        known[first:until] += part
        if span.state in PRODUCING and not span.mode:
            ran[first:until] += part
    return np.where(known > 0.999, np.minimum(ran, 1.0), np.nan)


def by_hour(facts: MeterFacts) -> tuple[Times, Floats, Floats, Floats]:
    """(start, kWh, share that each machine ran, good pieces) of the hours of which all slots are known."""
    hours, place = np.unique(facts.at // (HOUR * SLOT), return_inverse=True)
    width = facts.running.shape[1]
    whole = np.bincount(place, minlength=len(hours)) == HOUR
    used, good = (np.bincount(place, values, len(hours)) for values in (facts.used, facts.good))
    shares_of = [np.bincount(place, facts.running[:, n], len(hours)) / HOUR for n in range(width)]
    ran = np.array(shares_of, np.float64).T if width else np.zeros((len(hours), 0))
    keep = whole & ~np.isnan(ran).any(axis=1)
    return (hours[keep] * HOUR * SLOT).astype(np.int64), used[keep], ran[keep], good[keep]


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1e6)
