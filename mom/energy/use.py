"""What a meter's energy went into: by good piece, product and shift; and how much was drawn while nothing was made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mom.energy.meter import MeterFacts

LEAST_GOOD = 100
"""With fewer good pieces nothing is said of energy by the piece."""
LEAST_SEEN = 0.9
"""Of the window: with less of it metered nothing is said of it."""


@dataclass(frozen=True, slots=True)
class Use:
    """kWh, and good pieces of the same slots. `per_unit`: kWh a good piece, none where `missing` says why."""

    name: str
    kwh: float
    good: float
    per_unit: float | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class EnergyUse:
    """`idle`: kWh drawn in slots in which nothing that draws from it produced; `coverage`: of the window."""

    total: Use
    by_product: tuple[Use, ...]
    by_shift: tuple[Use, ...]
    idle: float
    coverage: float

    @property
    def idle_share(self) -> float | None:
        return self.idle / self.total.kwh if self.total.kwh > 0 else None


def use_of(facts: MeterFacts) -> EnergyUse | None:
    """None: the meter told of too little of the window."""
    coverage = min(1.0, facts.days * 86_400 / facts.window.seconds) if facts.window.seconds else 0.0
    if coverage < LEAST_SEEN:
        return None
    everything = np.ones(len(facts.at), bool)
    return EnergyUse(
        _use("all", facts, everything),
        _by(facts, facts.products),
        _by(facts, facts.shifts),
        float(facts.used[facts.standing].sum()),
        coverage,
    )


def _by(facts: MeterFacts, names: Sequence[str | None]) -> tuple[Use, ...]:
    told = np.array([name or "" for name in names])
    found = [_use(str(name), facts, told == name) for name in np.unique(told) if name]
    return tuple(sorted(found, key=lambda use: -use.kwh))


def _use(name: str, facts: MeterFacts, chosen: np.ndarray) -> Use:
    kwh, good = float(facts.used[chosen].sum()), float(facts.good[chosen].sum())
    if good < LEAST_GOOD:
        return Use(name, kwh, good, None, f"only {good:.0f} good pieces, {LEAST_GOOD} are needed")
    return Use(name, kwh, good, kwh / good)
