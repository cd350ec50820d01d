"""Cumulative counters in, pieces out: a reset, a rollover or a new controller makes no negative and no giant count."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mom.history.made import MadeEvent
from mom.history.values import MINUTE, Times, Values

GIANT_RATE = 100_000.0
"""Pieces a minute that no machine makes, where its own rate is not known."""
HEADROOM = 3.0
"""A machine may run that many times its ideal rate before a jump of its counter is not believed."""
ANEW_HEADROOM = 1.5
"""A counter that fell is believed to have rolled over or begun anew only up to that many times the ideal rate: a part of
what it shows may have been made elsewhere (another controller, a gap)."""
BITS = {"int16": (16,), "uint16": (16,), "bool": ()}


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter's tag: how its values are scaled and how wide they are, and what its machine can make."""

    tag: int
    type: str = "float64"
    scale: float = 1.0
    rate: float | None = None  # ideal, pieces per minute

    def widths(self) -> tuple[int, ...]:
        """A 32-bit register may hold a controller's 16-bit counter."""
        return BITS.get(self.type, (16, 32))

    def most(self, micros: int) -> float:
        """The most that can have been made in a time; times are coarse, so at least a minute's worth."""
        rate = HEADROOM * self.rate if self.rate else GIANT_RATE
        return rate * max(1.0, micros / MINUTE) + 2 * abs(self.scale)


@dataclass(frozen=True, slots=True)
class Increments:
    """`pieces[i]` were made after `since[i]` and not after `at[i]`."""

    since: Times
    at: Times
    pieces: NDArray[np.float64]


def increments(values: Values, counter: Counter) -> tuple[Increments, list[MadeEvent]]:
    """What a counter counted between each reading and the one before it, and what it did that counters should not."""
    good = values.trusted()
    deltas = np.diff(good.number)
    since, at = good.at[:-1], good.at[1:]
    elapsed = (at - since) / MINUTE
    most = np.maximum(1.0, elapsed) * (HEADROOM * counter.rate if counter.rate else GIANT_RATE) + 2 * abs(counter.scale)
    events = []
    for place in np.flatnonzero((deltas < 0) | (deltas > most)):
        before, after = float(good.number[place]), float(good.number[place + 1])
        pieces, kind, bits = _taken(before, after, counter, int(at[place] - since[place]))
        deltas[place] = pieces
        events.append(MadeEvent(counter.tag, int(at[place]), kind, before, after, bits))
    counted = deltas > 0
    return Increments(since[counted], at[counted], deltas[counted]), events


def _taken(before: float, after: float, counter: Counter, micros: int) -> tuple[float, str, int | None]:
    """How a step that no counting explains is taken: (pieces, kind of event, bits)."""
    if after > before:
        return 0.0, "jump", None
    most = counter.most(micros) * (ANEW_HEADROOM / HEADROOM if counter.rate else 1.0)
    for bits, pieces in _rolled(before, after, counter):
        if 0 <= pieces <= most:
            return pieces, "rollover", bits
    return (after if 0 <= after <= most else 0.0), "reset", None


def _rolled(before: float, after: float, counter: Counter) -> Iterator[tuple[int, float]]:
    for bits in counter.widths():
        whole = 2.0**bits * abs(counter.scale)
        if before < whole:
            yield bits, after - before + whole
