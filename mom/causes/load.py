"""What a machine's own running makes of what it measures (heat, current, torque follow the load), and taking that out."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mom.causes.course import Numbers
from mom.facts import Facts, Series
from mom.history.packml import PRODUCING

LAGS_S = (30.0, 120.0, 300.0, 900.0)
"""So slowly a quantity may follow the load."""
SPAN_S = 3600.0
"""Readings are held against those of the same hour: what moves slowly, as a trouble does, has no part in it."""
LEAST, VARIED = 40, 0.02
"""Readings at which the load was off its hour's mean by so much, without which nothing is fitted."""
CLEAR = 0.15
"""The share of these readings' scatter that the load has to explain: else it tells nothing of the quantity."""
ROUNDS, TRIM = 3, 3.0


def while_running(series: Series, machine: Facts) -> Series:
    """Only what was measured while the machine ran, as it would be after hours of running: one that stands is cold."""
    spans = sorted((s.start.timestamp(), s.end.timestamp()) for s in machine.states if s.state in PRODUCING)
    if not spans or not len(series.times):
        return series
    times, (starts, ends) = np.array([at.timestamp() for at in series.times]), np.array(spans, dtype=np.float64).T
    place = np.searchsorted(starts, times, "right") - 1
    ran = (place >= 0) & (times < ends[place])
    if not ran.any():
        return series
    kept = np.flatnonzero(ran)
    values = _at_full_load(times[kept], np.asarray(series.values, np.float64)[kept], starts, ends)
    return replace(series, times=[series.times[i] for i in kept.tolist()], values=values.tolist())


def _at_full_load(times: Numbers, values: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """The values without what the load's falling short of full makes of them, by the lag that explains most of them."""
    hours = np.unique((times // SPAN_S).astype(np.int64), return_inverse=True)[1]
    best, most = values, CLEAR
    for lag in LAGS_S:
        short = load(times, starts, ends, lag) - 1.0
        slope, explained = _fit(_within(short, hours), _within(values, hours))
        if explained > most:
            best, most = values - slope * short, explained
    return best


def load(times: Numbers, starts: Numbers, ends: Numbers, lag: float) -> Numbers:
    """How much of full load a quantity feels at `times` (0 to 1) that follows running and standing with `lag` seconds."""
    turns = np.column_stack([starts, ends]).ravel()
    goals = np.tile([1.0, 0.0], len(starts))
    keeps = np.exp(-np.clip(np.diff(turns), 0.0, None) / lag).tolist()
    felt, levels = 0.0, [0.0]
    for goal, keep in zip(goals.tolist(), keeps, strict=False):
        felt = goal + (felt - goal) * keep
        levels.append(felt)
    place = np.maximum(0, np.searchsorted(turns, times, "right") - 1)
    known = np.array(levels)[place]
    found: Numbers = goals[place] + (known - goals[place]) * np.exp(-np.clip(times - turns[place], 0.0, None) / lag)
    return found


def _within(values: Numbers, groups: NDArray[np.int64]) -> Numbers:
    """Each value against the mean of its group."""
    found: Numbers = values - (np.bincount(groups, values) / np.bincount(groups))[groups]
    return found


def _fit(short: Numbers, values: Numbers) -> tuple[float, float]:
    """(how the values grow with the load, the share of their scatter that this explains); what lies far off is left out."""
    varied = np.abs(short) >= VARIED
    if varied.sum() < LEAST:
        return 0.0, 0.0
    short, values = short[varied], values[varied]
    kept = np.ones(len(values), bool)
    slope = 0.0
    for _ in range(ROUNDS):
        slope = float((short[kept] * values[kept]).sum() / (short[kept] ** 2).sum())
        off = np.abs(values - slope * short)
        kept = off <= TRIM * 1.4826 * float(np.median(off)) + 1e-12
    total = float((values[kept] ** 2).sum())
    left = float(((values - slope * short)[kept] ** 2).sum())
    return slope, 1.0 - left / total if total > 0 else 0.0
