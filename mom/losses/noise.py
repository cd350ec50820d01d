"""Whether a sensor shows noise that it never had: within five minutes, and from mean to mean."""

import numpy as np
from numpy.typing import NDArray

from mom.history.values import MINUTE
from mom.losses.course import WARM
from mom.losses.norm import Course, Departure
from mom.measured import Measured

IN_A_ROW = 3
"""So many means of five minutes have to say it together."""
USUAL = 72
"""Means of running from which is learned what is usual."""
NOISIER = 6.0
"""Standard deviations of the chi-squared spread: about one false alarm in 10^9."""
SWAYS = 6.0
"""So far from mean to mean it has to sway too, in variances: within five minutes a change of load looks like noise."""


NEAR = 20 * MINUTE


def noisy(measured: Measured, course: Course, ran: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For each mean of a running machine. A chi-squared test (Wilson and Hilferty's approximation)."""
    means = measured.means
    spread, n = means.running_spread[ran], means.running_n[ran]
    usual = float(np.median(spread[:USUAL]))
    if usual <= 0 or len(ran) < USUAL:
        return np.zeros(len(ran), np.bool_)
    kernel = np.ones(IN_A_ROW)
    freedom = np.convolve(np.maximum(n - 1, 1), kernel, "same")
    ratio = np.convolve(spread**2 * n, kernel, "same") / freedom / usual**2
    height = 2 / (9 * freedom)
    loud = (ratio > 1.6 * (1 - height + NOISIER * np.sqrt(height)) ** 3) & (spread > 1.3 * usual)
    loud &= means.loads[ran, 2] >= WARM
    found: NDArray[np.bool_] = loud & (_sway(course, means.at[ran]) > SWAYS)
    for departure in course.departures:
        if not is_noise(course, departure):  # where it leaves its norm or comes back it sways by itself
            end = departure.end if departure.end is not None else int(means.at[-1])
            found &= (means.at[ran] < departure.start - NEAR) | (means.at[ran] > end + NEAR)
    return found


def _sway(course: Course, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean square of how far off the norm neighbouring means lie."""
    kernel = np.ones(2 * IN_A_ROW + 1)
    together = np.convolve(course.z**2, kernel, "same") / np.convolve(np.ones(len(course.z)), kernel, "same")
    place = np.minimum(np.searchsorted(course.at, at), max(0, len(course.at) - 1))
    return together[place] if len(course.at) else np.zeros(len(at))


def is_noise(course: Course, departure: Departure) -> bool:
    """Whether it went off to both sides of its norm."""
    here = course.at >= departure.start
    if departure.end is not None:
        here &= course.at < departure.end
    z = course.z[here]
    return bool(len(z)) and min(float((z > 1.5).mean()), float((z < -1.5).mean())) > 0.2
