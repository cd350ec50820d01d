"""What sensors read: a level that load, weather, noise and troubles move. Arrays over seconds from the start."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.drawn.effects import Signal
from simulator.drawn.kinds import Quantity
from simulator.packml import EXECUTE

Array = npt.NDArray[np.float64]
MEMORY = 0.7
"""How much of a minute's noise is left in the next."""
LAG = 300.0
"""Seconds in which a quantity follows the load."""


def stream(seed: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, *("/".join(names)).encode()])


def noise(seed: int, path: str, key: str, count: int) -> Array:
    """Of spread 1, with memory from minute to minute."""
    white = stream(seed, path, key).standard_normal(count)
    found = np.empty(count)
    last, fresh = 0.0, (1 - MEMORY**2) ** 0.5
    for i, value in enumerate(white.tolist()):
        last = MEMORY * last + fresh * value
        found[i] = last
    return found


def running(states: list[tuple[float, int]], at: Array) -> Array:
    """1 where the machine executes, smoothed over the minutes that heat and current take."""
    times = np.array([moment for moment, _ in states] or [0.0])
    goals = np.array([state == EXECUTE for _, state in states] or [False]).astype(np.float64)
    levels = np.empty(len(times))
    levels[0] = goals[0]
    keeps = np.exp(-np.diff(times) / LAG)
    for i, keep in enumerate(keeps.tolist()):
        levels[i + 1] = goals[i] + (levels[i] - goals[i]) * keep
    last = np.maximum(0, np.searchsorted(times, at, side="right") - 1)
    kept: Array = goals[last] + (levels[last] - goals[last]) * np.exp(-np.maximum(0.0, at - times[last]) / LAG)
    return kept


def moved(effects: list[Signal], at: Array, *, lies: bool) -> Array:
    """Spreads by which the quantity itself is off; with `lies` also what only the sensor says."""
    off = np.zeros(len(at))
    for effect in effects:
        if effect.shape not in ("ramp", "step") or (effect.lies and not lies):
            continue
        inside = (at >= effect.start) & (at < effect.end)
        share = (
            (at - effect.start) / max(1.0, effect.end - effect.start) if effect.shape == "ramp" else np.ones(len(at))
        )
        off[inside] += effect.size * share[inside]
    return off


def readings_of(
    quantity: Quantity, effects: list[Signal], at: Array, on: Array, ambient: Array, wobble: Array
) -> Array:
    """What the sensor reads at `at`."""
    wobble = wobble.copy()
    for effect in effects:
        if effect.shape == "noisy":
            wobble[(at >= effect.start) & (at < effect.end)] *= effect.size
    spreads = wobble + quantity.ambient * ambient + moved(effects, at, lies=True)
    value = quantity.level * (1 - quantity.load * (1 - on)) + quantity.spread * spreads
    for effect in effects:
        if effect.shape == "frozen":
            inside = np.flatnonzero((at >= effect.start) & (at < effect.end))
            value[inside] = value[inside[0] - 1] if len(inside) and inside[0] else value[inside]
    return np.round(value, 5)
