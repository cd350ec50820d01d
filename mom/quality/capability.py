"""Whether a process can keep its limits: Cp, Cpk, Pp, Ppk, and Cm, Cmk of one machine, each with its interval.

Pure: numbers in, frozen figures out. An index that the data do not carry is None, and `withheld` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from mom.quality.limits import Limits
from mom.quality.spread import Spread, overall, within
from mom.words import number

Values = NDArray[np.float64]
LEAST = 25
"""Values without which no index is given: the interval of Cp would be wider than half of it."""
LEAST_MACHINE = 50
"""A machine study takes at least so many consecutive pieces (ISO 22514-3)."""
LEAST_PERCENTILE = 1000
"""Values from which the 0.135 and 99.865 % points are read off the data themselves, where these are not normal."""
NORMAL_FROM = 0.005
"""A probability of the Shapiro-Wilk test below this: not normal. One honest sample in 200 is called so."""
MOST_TESTED = 2000
"""The test is made on so many values at most, evenly taken: above, it finds the rounding of the instrument."""
DRAWS = 400
LOW_TAIL, HIGH_TAIL = 0.00135, 0.99865


@dataclass(frozen=True, slots=True)
class Index:
    """A capability index and its 95 % interval (two-sided)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{number(self.value, 2)} ({number(self.low, 2)} to {number(self.high, 2)})"


@dataclass(frozen=True, slots=True)
class Capability:
    """`cp`, `cpk`: by the spread within groups; `pp`, `ppk`: by the spread over all. `method`: normal, percentile, none.

    `normal_p`: probability of the Shapiro-Wilk test. `withheld`: index name -> why it is not given.
    """

    n: int
    mean: float | None = None
    within: float | None = None
    overall: float | None = None
    cp: Index | None = None
    cpk: Index | None = None
    pp: Index | None = None
    ppk: Index | None = None
    method: str = "none"
    normal_p: float | None = None
    outside: int = 0  # values beyond a limit
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MachineCapability:
    """`cm`, `cmk` of one machine's consecutive pieces (ISO 22400-2, 19 and 20; ISO 22514-3)."""

    n: int
    cm: Index | None = None
    cmk: Index | None = None
    withheld: dict[str, str] = field(default_factory=dict)


def capability(values: Sequence[float], limits: Limits, *, groups: Sequence[int] | None = None) -> Capability:
    """Cp, Cpk (ISO 22400-2, 21 and 22), Pp, Ppk of `values` in the order they were made.

    `groups`: sizes of rational subgroups, in order, that add up to the values; None: single values, whose spread
    within is the mean moving range / 1.128. Limits on one side: no Cp and Pp. Raises BadInput for sizes that do not add up.
    """
    data = np.asarray(values, float)
    fault = _fault(data, LEAST)
    if fault:
        return Capability(len(data), withheld=dict.fromkeys(("cp", "cpk", "pp", "ppk"), fault))
    inside, whole, mean = within(data, groups), overall(data), float(data.mean())
    p = normality(data)
    known = Capability(len(data), mean, inside.sigma, whole.sigma, normal_p=p, outside=limits.outside(values))
    if p < NORMAL_FROM:
        return _percentile(known, data, limits)
    return _normal(known, mean, inside, whole, limits)


def machine_capability(values: Sequence[float], limits: Limits) -> MachineCapability:
    """Cm and Cmk of at least 50 consecutive pieces of one machine, one product, nothing changed between them."""
    data = np.asarray(values, float)
    fault = _fault(data, LEAST_MACHINE)
    if not fault and (p := normality(data)) < NORMAL_FROM:
        fault = f"the values are not normal ({_probability(p)})"
    if fault:
        return MachineCapability(len(data), withheld={"cm": fault, "cmk": fault})
    spread, mean = overall(data), float(data.mean())
    cm = ratio(spread, limits)
    return MachineCapability(
        len(data), cm, nearest(mean, spread, limits), {} if cm else {"cm": "there is a limit on one side only"}
    )


def ratio(spread: Spread, limits: Limits) -> Index | None:
    """(USL - LSL) / 6 sigma with its chi-square interval; None for a limit on one side. NIST handbook 6.1.6."""
    from scipy.special import chdtri

    if limits.width is None:
        return None
    value, df = limits.width / (6 * spread.sigma), spread.freedom
    return Index(value, value * sqrt(chdtri(df, 0.975) / df), value * sqrt(chdtri(df, 0.025) / df))


def nearest(mean: float, spread: Spread, limits: Limits) -> Index:
    """min(USL - mean, mean - LSL) / 3 sigma, with the interval of Bissell (1990), Applied Statistics 39, 331."""
    room = [] if limits.high is None else [limits.high - mean]
    room += [] if limits.low is None else [mean - limits.low]
    value = min(room) / (3 * spread.sigma)
    reach = 1.959964 * sqrt(1 / (9 * spread.n) + value**2 / (2 * spread.freedom))
    return Index(value, value - reach, value + reach)


def normality(data: Values) -> float:
    """Probability of the Shapiro-Wilk test; of a drifting process too it is about the values together."""
    from scipy.stats import shapiro

    return float(shapiro(data[:: ceil(len(data) / MOST_TESTED)]).pvalue)


def _probability(p: float | None) -> str:
    return f"Shapiro-Wilk p = {p:.2g}" if p is not None and p >= 0.001 else "Shapiro-Wilk p below 0.001"


def _fault(data: Values, least: int) -> str:
    if len(data) < least:
        return f"{len(data)} values; at least {least} are needed"
    if not np.isfinite(data).all():
        return "a value is not a number"
    return "all values are the same" if float(np.ptp(data)) == 0 else ""


def _normal(known: Capability, mean: float, inside: Spread, whole: Spread, limits: Limits) -> Capability:
    withheld = {} if limits.width else dict.fromkeys(("cp", "pp"), "there is a limit on one side only")
    found = replace(known, pp=ratio(whole, limits), ppk=nearest(mean, whole, limits), method="normal")
    if inside.sigma == 0:
        return replace(found, withheld=withheld | dict.fromkeys(("cp", "cpk"), "no spread within the groups"))
    return replace(found, cp=ratio(inside, limits), cpk=nearest(mean, inside, limits), withheld=withheld)


def _percentile(known: Capability, data: Values, limits: Limits) -> Capability:
    """Pp and Ppk by the points that 99.73 % of the values lie between (ISO 22514-2, method M4): no shape is assumed."""
    why = f"the values are not normal ({_probability(known.normal_p)})"
    withheld = dict.fromkeys(("cp", "cpk"), f"{why}: a spread within groups says nothing of their tails")
    if len(data) < LEAST_PERCENTILE:
        few = f"{why}, and {len(data)} are too few to read the tails off: at least {LEAST_PERCENTILE} are needed"
        return replace(known, withheld=withheld | {"pp": few, "ppk": few})
    draw = np.random.default_rng(len(data))
    draws = [_by_points(draw.choice(data, len(data)), limits) for _ in range(DRAWS)]
    pp, ppk = _by_points(data, limits)
    found = replace(known, ppk=_drawn(ppk, [d[1] for d in draws]), method="percentile", withheld=withheld)
    if pp is None:
        return replace(found, withheld=withheld | {"pp": "there is a limit on one side only"})
    return replace(found, pp=_drawn(pp, [d[0] for d in draws if d[0] is not None]))


def _by_points(data: Values, limits: Limits) -> tuple[float | None, float]:
    low, middle, high = (float(q) for q in np.quantile(data, [LOW_TAIL, 0.5, HIGH_TAIL]))
    pp = limits.width / (high - low) if limits.width else None
    room = [] if limits.high is None else [(limits.high - middle) / (high - middle)]
    room += [] if limits.low is None else [(middle - limits.low) / (middle - low)]
    return pp, min(room)


def _drawn(value: float, draws: Sequence[float]) -> Index:
    low, high = (float(q) for q in np.quantile(draws, [0.025, 0.975]))
    return Index(value, low, high)
