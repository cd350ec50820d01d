"""Pieces by the minute, with the product, order and shift of that time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
    minutes: dict[int, dict[tuple[str, str], float]] = {}
    across: dict[Span, dict[tuple[str, str], float]] = {}
    for channel in channels:
        made = channel.made
        within = (made.at > window[0]) & (made.at <= window[1])
        over = within & _spans_gap(made, gaps)
        _sum_up(minutes, channel, made.at[within & ~over], made.pieces[within & ~over])
        for place in np.flatnonzero(over):
            span = (int(made.since[place]) // MINUTE * MINUTE, -(-int(made.at[place]) // MINUTE) * MINUTE)
            sums = across.setdefault(span, {})
            key = (channel.meaning, channel.reason)
            sums[key] = sums.get(key, 0.0) + float(made.pieces[place])
    told = {channel.meaning for channel in channels}
    found = [_count(m * MINUTE, (m + 1) * MINUTE, sums, told, held, "") for m, sums in sorted(minutes.items())]
    found += [_count(*span, sums, told, held, "gap") for span, sums in sorted(across.items())]
    return found


def minute_of(at: Times) -> NDArray[np.int64]:
    """The minute that a reading tells of: pieces were made up to it."""
    found: NDArray[np.int64] = (at - 1) // MINUTE
    return found


def _spans_gap(made: Increments, gaps: Sequence[Span]) -> NDArray[np.bool_]:
    over = np.zeros(len(made.at), np.bool_)
    for start, end in gaps:
        over |= (made.since < end) & (made.at > start)
    return over


def _sum_up(
    minutes: dict[int, dict[tuple[str, str], float]], channel: Channel, at: Times, pieces: NDArray[np.float64]
) -> None:
    if not len(at):
        return
    places, which = np.unique(minute_of(at), return_inverse=True)
    sums = np.bincount(which, weights=pieces)
    key = (channel.meaning, channel.reason)
    for minute, quantity in zip(places.tolist(), sums.tolist(), strict=True):
        row = minutes.setdefault(minute, {})
        row[key] = row.get(key, 0.0) + quantity


def _count(
    start: int, end: int, sums: Mapping[tuple[str, str], float], told: set[str], held: Held, key: str
) -> MadeCount:
    scrap_by = {reason: n for (meaning, reason), n in sums.items() if meaning == "scrap" and reason and n}
    by = {name: sum(n for (meaning, _), n in sums.items() if meaning == name) for name in told}
    scrap = by.get("scrap", 0.0)
    good = by["good"] if "good" in by else by.get("produced", 0.0) - scrap
    produced = by["produced"] if "produced" in by else good + scrap
    last = end - 1
    return MadeCount(
        start,
        end,
        produced,
        good,
        scrap,
        by.get("rework", 0.0),
        held.product(last),
        held.order(last),
        held.shift(start),
        scrap_by,
        key,
    )
