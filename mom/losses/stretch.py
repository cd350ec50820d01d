"""From when to when something was too much: the stretch of time in which it was above a share, told from the noise around.

Bins of time each have a base (seconds that a machine ran, pieces that it made) and what was lost of it. A stretch is where
the sum of what was lost beyond half the share rises from its lowest to its highest (the maximal segment): with noise
around zero before and after, that is from when to when.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mom.facts import Window


@dataclass(frozen=True, slots=True)
class Bin:
    window: Window
    base: float
    lost: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """`bins` of it; `over`: long enough after it all was in order again."""

    bins: tuple[Bin, ...]
    over: bool

    @property
    def window(self) -> Window:
        return Window(self.bins[0].window.start, self.bins[-1].window.end)

    @property
    def base(self) -> float:
        return sum(one.base for one in self.bins)

    @property
    def lost(self) -> float:
        return sum(one.lost for one in self.bins)


def stretches(bins: Sequence[Bin], share: float, least_lost: float, calm_base: float) -> list[Stretch]:
    """Stretches of at least `least_lost` and at least `share` of their base, in order of time. One is over when at least
    `calm_base` came after it with less than half the share."""
    found = [bins[low:high] for low, high in _segments(bins, share, calm_base, 0, len(bins))]
    kept = [some for some in found if _lost(some) >= least_lost and _lost(some) >= share * _base(some)]
    joined: list[tuple[int, int]] = []
    for some in kept:
        low, high = bins.index(some[0]), bins.index(some[-1]) + 1
        if joined and not _calm(bins[joined[-1][1] : low], share, calm_base):
            low = joined.pop()[0]
        joined.append((low, high))
    return [Stretch(tuple(bins[low:high]), _calm(bins[high:], share, calm_base)) for low, high in joined]


def _segments(bins: Sequence[Bin], share: float, calm_base: float, low: int, high: int) -> list[tuple[int, int]]:
    """The segment of the largest sum in [low, high) without a long calm in it, and those left and right of it."""
    first, last = _largest(bins, share, low, high, 1)
    if first == last:
        return []
    begin, end = _largest(bins, share, first, last, -1)
    left, right = _segments(bins, share, calm_base, low, first), _segments(bins, share, calm_base, last, high)
    if _base(bins[begin:end]) >= calm_base:
        parts = (*_segments(bins, share, calm_base, first, begin), *_segments(bins, share, calm_base, end, last))
        return [*left, *parts, *right]
    return [*left, (first, last), *right]


def _largest(bins: Sequence[Bin], share: float, low: int, high: int, sign: int) -> tuple[int, int]:
    """Where the sum of what was lost beyond half the share is largest (`sign` -1: smallest); empty if nowhere."""
    best, total, start = (0.0, low, low), 0.0, low
    for place in range(low, high):
        total += sign * (bins[place].lost - 0.5 * share * bins[place].base)
        if total <= 0:
            total, start = 0.0, place + 1
        elif total > best[0]:
            best = (total, start, place + 1)
    return best[1], best[2]


def _calm(bins: Sequence[Bin], share: float, calm_base: float) -> bool:
    base = _base(bins)
    return base >= calm_base and _lost(bins) < 0.5 * share * base


def _base(bins: Sequence[Bin]) -> float:
    return sum(one.base for one in bins)


def _lost(bins: Sequence[Bin]) -> float:
    return sum(one.lost for one in bins)
