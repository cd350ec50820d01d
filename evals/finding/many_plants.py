"""Scores of finding, over many plants: what was found, how late, how often people would have been woken."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_high
from typing import Any

from evals.finding.one_plant import Scored
from evals.interval import shares


@dataclass(frozen=True)
class FindingScore:
    scores: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    table: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    notes: list[str]


def summed(plants: Sequence[Scored]) -> FindingScore:
    """Precision and recall with Wilson's intervals, lags, alerts an hour; a table by kind of trouble and by rule."""
    kinds, rules = _added(one.by_kind for one in plants), _added(one.by_rule for one in plants)
    found, asked = _sums(kinds.values())
    right, rows = _sums(rules.values())
    delays = [delay for one in plants for delay in one.delays]
    missed = sum(math.isinf(delay) for delay in delays)
    scores, intervals = shares(
        {
            "precision": (right, rows),
            "precision_without_stops": _sums(pair for rule, pair in rules.items() if rule != "stop"),
            "recall": (found, asked),
            "delay_missed": (missed, len(delays)),
        }
    )
    hours = sum(one.quiet_hours for one in plants)
    scores |= {"alerts_an_hour": sum(one.quiet_alerts for one in plants) / hours} if hours else {}
    lags = _lags(plants)
    scores |= _medians({"delay_s": delays, "lag_s": [lag for some in lags.values() for lag in some]})
    scores |= _medians({f"lag_s_{rule}": some for rule, some in lags.items()})
    table = [{"what": f"trouble {kind}", "right": good, "of": count} for kind, (good, count) in sorted(kinds.items())]
    table += [
        {"what": f"rows of {rule}", "right": good, "of": count, "median lag s": scores.get(f"lag_s_{rule}")}
        for rule, (good, count) in sorted(rules.items())
    ]
    notes = [
        f"Finding: {found} of {asked} troubles found, {right} of {rows} rows right.",
        f"Live: {len(delays) - missed} of {len(delays)} stops had their row in time; {hours:.0f} quiet hours of lines.",
        *_lags_told(lags),
    ]
    return FindingScore(scores, intervals, table, [f for one in plants for f in one.failures], notes)


def _medians(some: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Where most live rows did not come at all there is no median that could be told."""
    found = {name: median_high(values) for name, values in some.items() if values}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _lags(plants: Sequence[Scored]) -> dict[str, list[float]]:
    """By the rule that told first."""
    by_rule: dict[str, list[float]] = {}
    for one in plants:
        for rule, some in one.lags.items():
            by_rule.setdefault(rule, []).extend(some)
    return dict(sorted(by_rule.items()))


def _lags_told(lags: Mapping[str, Sequence[float]]) -> list[str]:
    medians = (f"{rule} {median_high(some):.0f} s of {len(some)}" for rule, some in lags.items() if some)
    told = "; ".join(medians)
    return [f"Told after the first reading that could tell, by rule (median): {told}."] if told else []


def _sums(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    all_of = list(pairs)
    return sum(good for good, _ in all_of), sum(count for _, count in all_of)


def _added(some: Iterable[Mapping[str, tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    total: dict[str, tuple[int, int]] = {}
    for one in some:
        for name, (good, count) in one.items():
            before = total.get(name, (0, 0))
            total[name] = before[0] + good, before[1] + count
    return total
