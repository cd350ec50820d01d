"""A machine within its standard, but well below what it did itself for the same product in its good hours."""

from collections.abc import Iterator

from mom.facts import Facts, OwnBest, Window
from mom.history.calendar import merged
from mom.kpis.elements import ideal_rate
from mom.losses.counter_still import unsure
from mom.losses.loss import Finding, Rule
from mom.losses.pace import pace_of
from mom.losses.reduced_speed import MOST, slow_stretches, slower
from mom.losses.start_up import start_ups
from mom.losses.stretch import Bin, Stretch, stretches

SLOW = 0.05
"""A smaller share under its best is a matter of the day."""
WAVERS = 3.0
"""As many times the way from a good hour to a poor one it has to lie under the good one: an ordinary hour is no trouble."""
LEAST, LEAST_LOST, CALM = 3600.0, 180.0, 3600.0
"""Seconds of production, and lost ones, without which nothing is said; seconds in order after which it is over."""


def find(facts: Facts) -> Iterator[Finding]:
    """Stretches in which a machine that its line hangs on made less than in its good hours of the weeks before, as long as
    the standard does not tell of them already: one row a trouble. Elsewhere a machine goes at its line's pace."""
    if not facts.own_best or not binds(facts) or not facts.has_states or not facts.has_counts:
        return
    by_standard = slow_stretches(facts)
    for product, best in sorted(facts.own_best.items()):
        if best.rate < (ideal_rate(facts, product) or 0.0):
            continue  # then what lies under its best lies under the standard
        for stretch in _slow(facts, product, best):
            told = any(stretch.window.overlap(one.window.start, one.window.end) > 0 for one in by_standard)
            if not told and stretch.base >= LEAST and stretch.lost < MOST * stretch.base:
                yield _finding(facts, stretch, product, best)


def binds(facts: Facts) -> bool:
    """Whether it is the line's constraint, or stands beside it."""
    one, constraint = facts.machine, facts.constraint
    if constraint is None:
        return False
    return one.path == constraint.path or (
        one.stage is not None and (one.line, one.stage) == (constraint.line, constraint.stage)
    )


def _slow(facts: Facts, product: str, best: OwnBest) -> list[Stretch]:
    """Of one product: another one's runs, start-up and time whose pieces are not known are left out."""
    out = merged([*start_ups(facts), *unsure(facts), *_others(facts, product)])
    bins: list[Bin] = pace_of(facts, out, lambda _, span: span.produced * 60 / best.rate)
    return stretches(bins, max(SLOW, WAVERS * best.wavers), LEAST_LOST, CALM)


def _others(facts: Facts, product: str) -> list[Window]:
    """When it is not known that this product was on."""
    mine = [cut for run in facts.runs if run.product == product and (cut := facts.window.cut(run.start, run.end))]
    edges = [facts.window.start, *(at for one in mine for at in (one.start, one.end)), facts.window.end]
    return [Window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _finding(facts: Facts, stretch: Stretch, product: str, best: OwnBest) -> Finding:
    figures: dict[str, float | str] = {
        "best": f"{best.rate:.3g} a minute in a good hour of {product}, of {best.hours} hours in the weeks before",
        "now": f"{best.rate * (1 - stretch.lost / stretch.base):.3g} a minute",
        "assumption": "pieces that it would have made at its own best, each worth the margin of what was made",
    }
    units = stretch.lost * best.rate / 60
    return slower(facts, stretch, "its own best", f"own_best:{facts.machine.path}:{product}", units, figures)


own_best = Rule("own_best", "Slower than its own best", find, joins=True, patience=2, closes=True, measures=True)
