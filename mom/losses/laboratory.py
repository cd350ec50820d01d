"""Whether the laboratory, which measures the same quantity itself, denies what a sensor says."""

import numpy as np

from mom.facts import Facts
from mom.history.readings import micros
from mom.history.values import MINUTE
from mom.losses.norm import Departure
from mom.measured import Measured

SLOT = 5 * MINUTE
LEAST = 3
"""Samples before, without which it is not known how the two mostly differ."""
SURE = 4.0
"""A difference of so many spreads of the usual ones."""
FAR = 4.5
"""A sensor that is off by less, in spreads of a mean, is off by what the laboratory itself is unsure of."""
MOST_OF_IT = 0.5
"""The sensor stands alone with at least that share of the move."""


def denied(facts: Facts, measured: Measured, departure: Departure) -> bool:
    """Whether samples taken while the quantity was off differ from the sensor by most of what the sensor says."""
    before, during = _differences(facts, measured, departure)
    if len(before) < LEAST or not during or abs(departure.size) < FAR:
        return False
    usual = float(np.median(before))
    one = abs(departure.level - departure.norm) / max(abs(departure.size), 1e-9)  # spread of a mean
    spread = max(float(np.std(before)), one)
    apart = (float(np.mean(during)) - usual) * (1 if departure.level > departure.norm else -1)
    off = abs(float(np.mean(_off(measured, departure))))
    return apart >= SURE * spread / len(during) ** 0.5 and apart >= MOST_OF_IT * off


def _differences(facts: Facts, measured: Measured, departure: Departure) -> tuple[list[float], list[float]]:
    """Sensor less laboratory: (before the departure, in it)."""
    before, during = [], []
    means = measured.means
    for sample in facts.samples:
        at = micros(sample.at)
        place = int(np.searchsorted(means.at, at, side="right")) - 1
        named = sample.characteristic.casefold() == measured.name.casefold()
        if not named or place < 0 or at >= means.at[place] + 2 * SLOT or means.running_n[place] < 1:
            continue
        difference = float(means.running_mean[place]) - sample.value
        if at < departure.start:
            before.append(difference)
        elif sample.at < facts.window.end and (departure.end is None or at < departure.end):
            during.append(difference)
    return before, during


def _off(measured: Measured, departure: Departure) -> list[float]:
    """How far the sensor was off its norm while it was."""
    means = measured.means
    here = (means.at >= departure.start) & (means.running_n >= 1)
    if departure.end is not None:
        here &= means.at < departure.end
    return (means.running_mean[here] - departure.norm).tolist() or [departure.level - departure.norm]
