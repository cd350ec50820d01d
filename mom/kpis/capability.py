"""Capability from the sums that each characteristic keeps (mom/kpis/parts/quality.py): the lowest of all is told.

The spreads are those of mom/quality/capability.py, which adds intervals and the tests of normality."""

from collections.abc import Callable, Iterator, Mapping
from math import sqrt

from mom.kpis.kpi import Values
from mom.kpis.parts.quality import MARK, MOMENTS

Sums = Mapping[str, float]
D2 = 1.128
"""Mean moving range of two values, in standard deviations."""
Spread = Callable[[Sums], float | None]
Index = Callable[[Sums, float], float]


def deviation(sums: Sums) -> float | None:
    """The standard deviation of all values."""
    n = sums["n"]
    variance = (sums["squares"] - sums["sum"] ** 2 / n) / (n - 1) if n > 1 else 0.0
    return sqrt(variance) if variance > 0 else None


def moving(sums: Sums) -> float | None:
    """The spread from value to value within an order."""
    return sums["moved"] / sums["moves"] / D2 if sums["moves"] and sums["moved"] > 0 else None


def width(sums: Sums, spread: float) -> float:
    return (sums["high"] - sums["low"]) / (6 * spread)


def nearest(sums: Sums, spread: float) -> float:
    """The mean is told from the middle of the limits."""
    half = (sums["high"] - sums["low"]) / 2
    return (half - abs(sums["sum"] / sums["n"])) / (3 * spread)


def lowest(index: Index, spread: Spread, values: Values, least: int) -> float | None:
    """The lowest index of the characteristics with at least `least` values; None if there is none."""
    return min((value for value, _ in _each(index, spread, values, least)), default=None)


def which(index: Index, spread: Spread, values: Values, least: int) -> str:
    """Which characteristic that is, and of how many."""
    found = sorted(_each(index, spread, values, least))
    return f"{found[0][1]}, the lowest of {len(found)}" if found else ""


def _each(index: Index, spread: Spread, values: Values, least: int) -> Iterator[tuple[float, str]]:
    for (machine, characteristic, low, high), sums in _characteristics(values).items():
        found = spread(sums) if sums["n"] >= least else None
        if found is not None:
            name = f"{characteristic} at {machine.rpartition('/')[2]} ({float(low):g} to {float(high):g})"
            yield index({**sums, "low": float(low), "high": float(high)}, found), name


def _characteristics(values: Values) -> dict[tuple[str, str, str, str], dict[str, float]]:
    found: dict[tuple[str, str, str, str], dict[str, float]] = {}
    for key, value in values.items():
        if key.startswith(f"{MARK}|"):
            _, machine, characteristic, low, high, moment = key.split("|")
            sums = found.setdefault((machine, characteristic, low, high), dict.fromkeys(MOMENTS, 0.0))
            sums[moment] = value
    return found
