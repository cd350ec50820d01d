"""Before against after: the difference of two means with its 90 % interval, and what may be said of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

CONFIDENCE = 0.90
FEWEST = 3  # days on each side
BETTER, NO_CHANGE, WORSE, CANNOT_TELL = "better", "no change seen", "worse", "cannot tell"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Means of daily losses, less is better. `low`, `high`: interval of after minus before."""

    verdict: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    why: str = ""  # of a verdict that there is none


def compare(before: Sequence[float], after: Sequence[float], target: float | None = None) -> Comparison:
    """Welch's interval (unequal variances; Welch 1947) of the difference of the means.

    Better or worse when the interval leaves out 0. Else *no change seen* when it also leaves out the change that was
    aimed at (to `target`, else a third less), and *cannot tell* when both are still possible.
    """
    if min(len(before), len(after)) < FEWEST:
        means = [fmean(side) if side else None for side in (before, after)]
        why = f"{len(before)} days before and {len(after)} after were seen, {FEWEST} of each are needed"
        return Comparison(CANNOT_TELL, means[0], means[1], None, None, None, why)
    first, second = fmean(before), fmean(after)
    difference = second - first
    half = half_width(before, after)
    low, high = difference - half, difference + half
    verdict, why = _verdict(low, high, aim=(target if target is not None else first * 2 / 3) - first)
    return Comparison(verdict, first, second, difference, low, high, why)


def half_width(before: Sequence[float], after: Sequence[float]) -> float:
    """Half of the interval's width; 0 when neither side varies at all."""
    from scipy.stats import t  # takes a second to import, and only the check of an effect needs it

    parts = [variance(side) / len(side) for side in (before, after)]
    spread = sum(parts)
    if spread == 0:
        return 0.0
    freedom = spread**2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (before, after), strict=True))
    return float(t.ppf((1 + CONFIDENCE) / 2, freedom)) * sqrt(spread)


def _verdict(low: float, high: float, aim: float) -> tuple[str, str]:
    if high < 0:
        return BETTER, ""
    if low > 0:
        return WORSE, ""
    if aim < low or aim >= 0:
        return NO_CHANGE, ""
    return CANNOT_TELL, "the days vary so much that both no change and the change aimed at are possible"
