"""95 % intervals of scores: of shares by Wilson, of everything else by drawing again (bootstrap)."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Interval = tuple[float, float]
TIMES = 2000


def wilson(right: int, of: int) -> Interval:
    """The interval of a share (Wilson 1927). Of none nothing is known."""
    if not of:
        return 0.0, 1.0
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(right, of, method="wilson")
    return float(low), float(high)


def shares(counts: Mapping[str, tuple[int, int]]) -> tuple[dict[str, float], dict[str, Interval]]:
    """Scores and their intervals from (right, of) by name; what nothing was asked of has no score."""
    asked = {name: pair for name, pair in counts.items() if pair[1]}
    return {name: right / of for name, (right, of) in asked.items()}, {n: wilson(*pair) for n, pair in asked.items()}


def redrawn(statistic: Callable[..., Any], *samples: Any, times: int = 1000) -> Interval:
    """Percentiles of a statistic of one sample, or of samples in pairs, drawn again."""
    from scipy.stats import bootstrap

    found = bootstrap(
        samples, statistic, paired=len(samples) > 1, vectorized=False, n_resamples=times, rng=1, method="percentile"
    ).confidence_interval
    return float(found.low), float(found.high)


def redrawn_groups(values: Sequence[tuple[str, float]], seed: int = 1) -> Interval:
    """Of the mean of (group, value), whole groups drawn again. All right: what as many right ones allow (1 - 3 / n)."""
    plain = [value for _, value in values]
    if min(plain) == max(plain):
        return (max(0.0, plain[0] - 3 / len(plain)), plain[0]) if plain[0] else (0.0, min(1.0, 3 / len(plain)))
    groups: dict[str, list[float]] = defaultdict(list)
    for group, value in values:
        groups[group].append(value)
    rng, names, means = random.Random(seed), sorted(groups), []
    for _ in range(TIMES):
        drawn = [value for _ in names for value in groups[rng.choice(names)]]
        means.append(sum(drawn) / len(drawn))
    means.sort()
    return means[TIMES // 40 - 1], means[TIMES - TIMES // 40 - 1]
