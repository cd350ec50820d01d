"""Pieces by the minute, with the product, order and shift of that time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mom.history.counters import Increments
from mom.history.made import MadeCount
from mom.history.values import MINUTE, Span, Times

Lookup = Callable[[int], str | None]
"""What held at a moment: product, order, shift."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What one counter counted, and what that is: produced, good, scrap (by reason), rework."""

    meaning: str
    reason: str
    made: Increments


@dataclass(frozen=True, slots=True)
class Held:
    """What held when."""

    product: Lookup
    order: Lookup
    shift: Lookup


def minute_counts(channels: Sequence[Channel], gaps: Sequence[Span], held: Held, window: Span) -> list[MadeCount]:
    """The pieces told of in `window` (whole minutes: after its start, up to and with its end), by the minute.

    A reading at 10:05:00 tells of the minute 10:04. Pieces counted across a gap are one span as long as the gap:
    when they were made nobody knows.
    """
    minutes: list[Piled] = []
    across: dict[Span, dict[tuple[str, str], float]] = {}
    for channel in channels:
        made = channel.made
        within = (made.at > window[0]) & (made.at <= window[1])
        over = within & _spans_gap(made, gaps)
        minutes.append(Piled.of(channel, made.at[within & ~over], made.pieces[within & ~over]))
        for place in np.flatnonzero(over):
            span = (int(made.since[place]) // MINUTE * MINUTE, -(-int(made.at[place]) // MINUTE) * MINUTE)
            sums = across.setdefault(span, {})
            key = (channel.meaning, channel.reason)
            sums[key] = sums.get(key, 0.0) + float(made.pieces[place])
    found = list(_by_minute(minutes, held))
    for (start, end), sums in sorted(across.items()):
        piled = [
            Piled(meaning, reason, np.array([start // MINUTE]), np.array([n])) for (meaning, reason), n in sums.items()
        ]
        piled += [Piled(c.meaning, c.reason, np.empty(0, np.int64), np.empty(0)) for c in channels]
        told = held.product(end - 1), held.order(end - 1), held.shift(start)
        found += [_stretched(count, end, told) for count in _by_minute(piled, held)]
    return found


def minute_of(at: Times) -> NDArray[np.int64]:
    """The minute that a reading tells of: pieces were made up to it."""
    found: NDArray[np.int64] = (at - 1) // MINUTE
    return found


@dataclass(frozen=True, slots=True)
class Piled:
    """One counter's pieces, by minute."""

    meaning: str
    reason: str
    minutes: NDArray[np.int64]
    pieces: NDArray[np.float64]

    @classmethod
    def of(cls, channel: Channel, at: Times, pieces: NDArray[np.float64]) -> "Piled":
        places, which = np.unique(minute_of(at), return_inverse=True)
        sums: NDArray[np.float64] = np.bincount(which, weights=pieces, minlength=len(places)).astype(np.float64)
        return cls(channel.meaning, channel.reason, places, sums)


def _by_minute(piled: Sequence[Piled], held: Held) -> Iterator[MadeCount]:
    """One count a minute that has pieces. What no counter tells follows from the others."""
    minutes = np.unique(np.concatenate([p.minutes for p in piled])) if piled else np.empty(0, np.int64)
    told = {p.meaning for p in piled}
    sums = {name: np.zeros(len(minutes)) for name in ("produced", "good", "scrap", "rework")}
    reasons: dict[int, dict[str, float]] = {}
    for pile in piled:
        places = np.searchsorted(minutes, pile.minutes)
        sums[pile.meaning][places] += pile.pieces
        if pile.meaning == "scrap" and pile.reason:
            for place, pieces in zip(places.tolist(), pile.pieces.tolist(), strict=True):
                by = reasons.setdefault(place, {})
                by[pile.reason] = by.get(pile.reason, 0.0) + pieces
    scrap = sums["scrap"]
    good = sums["good"] if "good" in told else sums["produced"] - scrap
    produced = sums["produced"] if "produced" in told else good + scrap
    columns = (minutes.tolist(), produced.tolist(), good.tolist(), scrap.tolist(), sums["rework"].tolist())
    for place, (minute, made, fine, lost, again) in enumerate(zip(*columns, strict=True)):
        start, last = minute * MINUTE, minute * MINUTE + MINUTE - 1
        product, order, shift = held.product(last), held.order(last), held.shift(start)
        by_reason = reasons.get(place, NO_REASONS)
        yield MadeCount(start, start + MINUTE, made, fine, lost, again, product, order, shift, by_reason)


NO_REASONS: Mapping[str, float] = {}


def _stretched(count: MadeCount, end: int, told: tuple[str | None, str | None, str | None]) -> MadeCount:
    """A count of one minute as one across a gap, with what held at its end."""
    return replace(count, end=end, key="gap", product=told[0], order=told[1], shift=told[2])


def _spans_gap(made: Increments, gaps: Sequence[Span]) -> NDArray[np.bool_]:
    over = np.zeros(len(made.at), np.bool_)
    for start, end in gaps:
        over |= (made.since < end) & (made.at > start)
    return over
