"""A machine makes less per minute than the standard says, while it runs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from mom.facts import Facts
from mom.history.calendar import merged
from mom.kpis.elements import ideal_seconds
from mom.losses.counter_still import unsure
from mom.losses.loss import Finding, LossKind, Rule, margin_of
from mom.losses.pace import pace_of
from mom.losses.start_up import start_ups
from mom.losses.stretch import Bin, Stretch, stretches

SLOW = 0.05
"""A smaller share under the standard is a matter of the standard."""
LEAST_LOST = 60.0
"""Seconds: so much has to be lost before a slow stretch is told from how counts fall into minutes."""
LEAST = 300.0
"""Seconds of production without which nothing is said of speed."""
MOST = 0.9
"""What makes next to nothing is not slow: its pieces are not known."""
CALM = 3600.0
"""Seconds at the standard after which a slow stretch is over."""


def find(facts: Facts) -> Iterator[Finding]:
    """Stretches in which production time is not accounted for by the pieces made. A gain is no row. Start-up is left out,
    and so is time whose pieces are not known. What is slow elsewhere than at the line's constraint costs the line
    nothing by itself: only what the constraint waits for it does, and that shows there."""
    for stretch in slow_stretches(facts):
        yield _finding(facts, stretch)


def slow_stretches(facts: Facts) -> list[Stretch]:
    """Those that are told."""
    if facts.machine.ideal_rate is None and facts.constraint is None:
        return []
    if not facts.has_states or not facts.has_counts:
        return []
    bins = pace_of(facts, merged([*start_ups(facts), *unsure(facts)]), ideal_seconds)
    at_constraint = facts.constraint is not None and facts.machine.path == facts.constraint.path
    return [
        stretch
        for stretch in stretches(bins, SLOW, LEAST_LOST, CALM)
        if (at_constraint or _ran_well(bins, stretch)) and stretch.base >= LEAST and stretch.lost < MOST * stretch.base
    ]


def _ran_well(bins: Sequence[Bin], stretch: Stretch) -> bool:
    """Whether the machine kept its standard for long before or after: one that always goes at its line's pace is not slow."""
    before = [one for one in bins if one.window.end <= stretch.window.start]
    after = [one for one in bins if one.window.start >= stretch.window.end]
    return any(
        sum(one.base for one in some) >= CALM
        and sum(one.lost for one in some) < 0.5 * SLOW * sum(one.base for one in some)
        for some in (before, after)
    )


def _finding(facts: Facts, stretch: Stretch) -> Finding:
    counts = [span for span in facts.counts if stretch.window.start <= span.start < stretch.window.end]
    made = sum(span.produced for span in counts)
    worth = stretch.base - stretch.lost
    at_constraint = facts.constraint is not None and facts.machine.path == facts.constraint.path
    units = stretch.lost * made / worth if at_constraint and worth > 0 else 0.0
    how = "lost pieces at the standard rate, each worth the margin of what was made"
    elsewhere = "not the line's constraint: what it costs shows where the constraint waits for it"
    return Finding(
        kind=LossKind.reduced_speed,
        key=f"reduced_speed:{facts.machine.path}",
        title=f"{facts.machine.name}: slower than the standard",
        reason="slower than the standard",
        start=stretch.window.start,
        end=stretch.window.end if stretch.over else None,
        seconds=stretch.lost,
        units=units,
        money=Decimal(str(units)) * margin_of(facts, counts),
        evidence=tuple(f"count:{span.id}" for span in (counts[:1] + counts[-1:])),
        alerts=True,
        figures={
            "production_seconds": stretch.base,
            "standard_seconds": worth,
            "produced": made,
            "under_standard": stretch.lost / stretch.base,
            "assumption": how if at_constraint else elsewhere,
        },
    )


reduced_speed = Rule("reduced_speed", "Reduced speed", find, joins=True, patience=2, closes=True)
