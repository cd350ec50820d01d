"""A measured quantity against where it mostly is: how far off, since when, and how seldom it is so far off otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mom.causes.course import Course, Numbers
from mom.facts import Series

Places = NDArray[np.int64]
LONG = timedelta(days=8)
"""Over more time than this a level is told by medians of COARSE_S seconds, else of FINE_S."""
COARSE_S, FINE_S = 21600.0, 1800.0
LEAST = 3
FAR = 4.0
"""So many usual spreads off is off."""


@dataclass(frozen=True, slots=True)
class Level:
    """`before` and `after` are medians; `size` is the change in robust spreads; `since` is where it began.

    `seldom`: the share of the other time in which it was as far off, the same way.
    """

    since: datetime
    before: float
    after: float
    size: float
    seldom: float = 0.0


def drift(
    series: Series, start: datetime, end: datetime, swing: Series | None = None, far: float = FAR
) -> Level | None:
    """Where a signal lies in [start, end) against where it mostly lies; None: not `far` off, or too few readings.

    The usual level and spread are those of the half of the time that lies closest together, so that an earlier
    trouble of the same kind does not count as usual. `swing`: a quantity whose part in it is taken out first.
    """
    if len(series.values) < 50:
        return None
    span = COARSE_S if series.times[-1] - series.times[0] > LONG else FINE_S
    anchor = end.timestamp()
    places, medians = _medians(series, span, anchor)
    if len(medians) < 8:
        return None
    if swing is not None and len(swing.values) >= 50:
        medians = _without(places, medians, *_medians(swing, span, anchor))
    usual, spread = _usual(medians)
    begins = anchor + places * span
    lately = (begins + span > start.timestamp() - span) & (begins < anchor)
    if not lately.any():
        return None
    recent = medians[lately]
    now = float(recent[-1] if len(recent) < 4 else np.median(recent[-4:]))
    size = (now - usual) / spread
    if abs(size) < far:
        return None
    since = _begin(series, begins, medians, (usual, spread * float(np.sign(size))), end)
    other = medians[(begins < since.timestamp() - span) | (begins >= anchor)]
    as_far = (other - usual) * np.sign(size) >= 0.7 * abs(now - usual)
    return Level(since, usual, now, float(size), float(as_far.mean()) if len(other) else 0.0)


def on_course(series: Series, course: Course) -> Numbers:
    """The signal's median in each span of a course, the last known where a span has none; NaN before the first."""
    levels = np.full(len(course.times), np.nan)
    if course.step <= 0 or not len(series.values):
        return levels
    times = np.array([at.timestamp() for at in series.times])
    bins = ((times - course.start) // course.step).astype(np.int64)
    inside = (bins >= 0) & (bins < len(levels))
    if not inside.any():
        return levels
    places, medians, _ = _middles(bins[inside], np.asarray(series.values, float)[inside])
    levels[places] = medians
    known = np.where(np.isfinite(levels), np.arange(len(levels)), -1)
    last = np.maximum.accumulate(known)
    return np.where((last >= 0) & (np.arange(len(levels)) - last <= 6), levels[np.maximum(last, 0)], np.nan)


def _medians(series: Series, span: float, anchor: float) -> tuple[Numbers, Numbers]:
    """The medians of spans of `span` seconds counted from `anchor` (no span lies on both sides of it), by their places."""
    times = np.array([at.timestamp() for at in series.times])
    places, medians, counts = _middles(((times - anchor) // span).astype(np.int64), np.asarray(series.values, float))
    return places[counts >= LEAST].astype(float), medians[counts >= LEAST]


def _middles(groups: Places, values: Numbers) -> tuple[Places, Numbers, Places]:
    """The groups that there are, in order, with the median of each one's values and how many it has."""
    order = np.lexsort((values, groups))
    ordered, (found, first, counts) = values[order], np.unique(groups[order], return_index=True, return_counts=True)
    medians: Numbers = (ordered[first + (counts - 1) // 2] + ordered[first + counts // 2]) / 2
    return found, medians, counts


def _without(places: Numbers, medians: Numbers, other_places: Numbers, others: Numbers) -> Numbers:
    """What is left when the other quantity's part (a straight line, fitted robustly to the middle) is taken out."""
    if len(others) < 8:
        return medians
    other = np.interp(places, other_places, others)
    calm = np.abs(medians - np.median(medians)) <= 2.5 * np.median(np.abs(medians - np.median(medians))) + 1e-12
    centred = other - other[calm].mean() if calm.any() else other - other.mean()
    weight = float((centred[calm] ** 2).sum())
    slope = float((centred[calm] * (medians[calm] - medians[calm].mean())).sum() / weight) if weight > 0 else 0.0
    left: Numbers = medians - slope * centred
    return left


def _usual(medians: Numbers) -> tuple[float, float]:
    """The middle and robust spread of the densest half."""
    ordered = np.sort(medians)
    half = max(4, len(ordered) // 2)
    widths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
    place = int(np.argmin(widths))
    middle = float(np.median(ordered[place : place + half]))
    return middle, max(float(widths[place]) / 1.35, abs(middle) * 0.004, 1e-9)


def _begin(
    series: Series, starts: Numbers, medians: Numbers, usual: tuple[float, float], end: datetime
) -> datetime:  # fmt: skip
    """The first of the spans before `end` that, without a break, lie off the usual level that way."""
    level, spread = usual
    since, calm = len(starts) - 1, 0
    for index in range(len(starts) - 1, -1, -1):
        if starts[index] >= end.timestamp():
            continue
        if (medians[index] - level) / spread > 1.5:
            since, calm = index, 0
        else:
            calm += 1
            if calm >= 3:
                break
    return max(datetime.fromtimestamp(float(starts[since]), series.times[0].tzinfo), series.times[0])
