"""When did it begin: the change of level in a row of numbers, and in a measured quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mom.facts import Series

WORSE = 1.6
"""So many times the level before is a change, not a day's chance."""
SPAN_S = 21600
"""A signal's level is told by medians of six hours …"""
LEAST = 5
"""… with at least so many readings in them."""


@dataclass(frozen=True, slots=True)
class Level:
    """`before` and `after` are means (medians for a signal); `since` is where the second begins."""

    since: datetime
    before: float
    after: float
    size: float  # the change against the spread; for a signal in robust standard deviations


def rise(times: Sequence[datetime], values: Sequence[float], least: int = 3) -> Level | None:
    """The split after which the values are highest against those before (each side at least `least` long)."""
    numbers = np.asarray(values, float)
    best: Level | None = None
    for split in range(least, len(numbers) - least + 1):
        before, after = float(numbers[:split].mean()), float(numbers[split:].mean())
        spread = float(np.sqrt(numbers[:split].var() / split + numbers[split:].var() / (len(numbers) - split))) or 1e-9
        size = (after - before) / spread
        if after >= WORSE * before and (best is None or size > best.size):
            best = Level(times[split], before, after, size)
    return best if best is not None and best.size >= 3 else None


def drift(series: Series, start: datetime, end: datetime) -> Level | None:
    """Whether a signal in [start, end) lies elsewhere than it mostly does, by medians of six hours; None: it does not.

    The usual level and spread are those of the half of the time that lies closest together, so that an earlier
    trouble of the same kind does not count as usual.
    """
    if len(series.values) < 50:
        return None
    times = np.array([at.timestamp() for at in series.times])
    numbers = np.asarray(series.values, float)
    bins = (times // SPAN_S).astype(np.int64)
    places, first, counts = np.unique(bins, return_index=True, return_counts=True)
    medians = np.array([np.median(part) for part in np.split(numbers, first[1:])])
    places, medians = places[counts >= LEAST], medians[counts >= LEAST]
    if len(medians) < 8:
        return None
    usual, spread = _usual(medians)
    lately = medians[((places + 1) * SPAN_S > start.timestamp() - SPAN_S) & (places * SPAN_S < end.timestamp())]
    if not len(lately):
        return None
    now = float(lately[-1] if len(lately) < 4 else np.median(lately[-4:]))
    size = (now - usual) / spread
    if abs(size) < 4:
        return None
    return Level(_begin(series, places, medians, usual, spread, end, np.sign(size)), usual, now, float(size))


def _usual(medians: np.ndarray) -> tuple[float, float]:
    """The middle and robust spread of the densest half."""
    ordered = np.sort(medians)
    half = max(4, len(ordered) // 2)
    widths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
    place = int(np.argmin(widths))
    dense = ordered[place : place + half]
    middle = float(np.median(dense))
    spread = max(float(widths[place]) / 1.35, abs(middle) * 0.004, 1e-9)
    return middle, spread


def _begin(
    series: Series, places: np.ndarray, medians: np.ndarray, usual: float, spread: float, end: datetime, sign: float
) -> datetime:
    """The first of the six-hour spans before `end` that, without a break, lie off the usual level that way."""
    since = len(places) - 1
    calm = 0
    for index in range(len(places) - 1, -1, -1):
        if places[index] * SPAN_S >= end.timestamp():
            continue
        if (medians[index] - usual) * sign > 1.5 * spread:
            since, calm = index, 0
        else:
            calm += 1
            if calm >= 3:
                break
    zone = series.times[0].tzinfo
    return max(datetime.fromtimestamp(int(places[since]) * SPAN_S, zone), series.times[0])
