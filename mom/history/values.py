"""Readings of one tag, in columns: what the history is derived from. Times are microseconds since 1970 (int64)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
Span = tuple[int, int]
"""From, up to not including, in microseconds."""
FOREVER = 2**62
MINUTE = 60_000_000
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Values:
    """Times ascending. `texts` only where the tag tells texts; `good` is false where the status is not."""

    at: Times
    number: NDArray[np.float64]
    good: NDArray[np.bool_]
    texts: Sequence[str | None] = field(default=())

    def codes(self) -> tuple[NDArray[np.int64], list[str]]:
        """Each value as a place in a list of labels, -1 where it cannot be trusted."""
        if self.texts:
            said = ["" if text is None else text for text in self.texts]
            names = sorted(set(said))
            place = {name: index for index, name in enumerate(names)}
            codes = np.array([place[text] for text in said], dtype=np.int64)
            trusted = self.good & np.array([text is not None for text in self.texts])
        else:
            numbers, inverse = np.unique(self.number, return_inverse=True)
            names, codes = [label(float(n)) for n in numbers], inverse.astype(np.int64)
            trusted = self.good & ~np.isnan(self.number)
        return np.where(trusted, codes, -1), names

    def trusted(self) -> "Values":
        """Only the good numbers."""
        keep = self.good & ~np.isnan(self.number)
        return Values(self.at[keep], self.number[keep], self.good[keep])


@dataclass(frozen=True, slots=True)
class Means:
    """Columns beside each other, a row a slot that has readings; `at`: when it began, microseconds since 1970.

    `running_mean`, `running_spread` and `loads` are NaN where the machine did not run. `share`: of the slot in which it
    ran. `loads`: a column each for what 2, 5 and 15 minutes leave of a load, 1 when it has run for long.
    """

    at: NDArray[np.int64]
    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    running_n: NDArray[np.int64]
    running_mean: NDArray[np.float64]
    running_spread: NDArray[np.float64]
    share: NDArray[np.float64]
    loads: NDArray[np.float64]


NOTHING = Values(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_))


def label(number: float) -> str:
    """A code as a plant file writes it: 6.0 → `6`."""
    return str(int(number)) if number == number and number == int(number) else str(number)


def last_before(at: Times, moments: Times) -> NDArray[np.int64]:
    """The place of the last time at or before each moment, -1 where there is none."""
    return np.searchsorted(at, moments, side="right") - 1


def inside(spans: Sequence[Span], moments: Times) -> NDArray[np.bool_]:
    """Whether each moment lies in one of the spans (which may overlap)."""
    if not spans:
        return np.zeros(len(moments), np.bool_)
    starts = np.sort(np.array([s for s, _ in spans], np.int64))
    ends = np.sort(np.array([e for _, e in spans], np.int64))
    begun: NDArray[np.int64] = np.searchsorted(starts, moments, side="right")
    over: NDArray[np.int64] = np.searchsorted(ends, moments, side="right")
    return begun > over


def steps(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places where a value differs from the one before it; the first counts."""
    if not len(codes):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
