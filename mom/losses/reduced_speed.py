"""A machine makes less per minute than the standard says, while it runs."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mom.facts import CountSpan, Facts
from mom.history.calendar import merged
from mom.kpis.elements import ideal_seconds
from mom.losses.counter_still import unsure
from mom.losses.loss import Finding, LossKind, Rule, margin_of
from mom.losses.pace import pace_of
from mom.losses.start_up import start_ups
from mom.losses.stretch import Bin, Stretch, stretches

SLOW = 0.05
"""A smaller share under the standard is a matter of the standard."""
LEAST_LOST = 75.0
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
    worth = stretch.base - stretch.lost
    at_constraint = facts.constraint is not None and facts.machine.path == facts.constraint.path
    made = sum(span.produced for span in _counted(facts, stretch))
    how = "lost pieces at the standard rate, each worth the margin of what was made"
    elsewhere = "not the line's constraint: what it costs shows where the constraint waits for it"
    figures: dict[str, float | str] = {
        "standard_seconds": worth,
        "under_standard": stretch.lost / stretch.base,
        "assumption": how if at_constraint else elsewhere,
    }
    units = stretch.lost * made / worth if at_constraint and worth > 0 else 0.0
    return slower(facts, stretch, "the standard", f"reduced_speed:{facts.machine.path}", units, figures)


def slower(
    facts: Facts, stretch: Stretch, than: str, key: str, units: float, figures: Mapping[str, float | str]
) -> Finding:
    """That the machine made less in `stretch` `than` it should. `units`: the pieces that this cost the line."""
    counts = _counted(facts, stretch)
    return Finding(
        kind=LossKind.reduced_speed,
        key=key,
        title=f"{facts.machine.name}: slower than {than}",
        reason=f"slower than {than}",
        start=stretch.window.start,
        end=stretch.window.end if stretch.over else None,
        seconds=stretch.lost,
        units=units,
        money=Decimal(str(units)) * margin_of(facts, counts),
        evidence=tuple(f"count:{span.id}" for span in (*counts[:1], *counts[-1:])),
        alerts=True,
        figures={"production_seconds": stretch.base, "produced": sum(span.produced for span in counts), **figures},
    )


def _counted(facts: Facts, stretch: Stretch) -> list[CountSpan]:
    return [span for span in facts.counts if stretch.window.start <= span.start < stretch.window.end]


reduced_speed = Rule("reduced_speed", "Reduced speed", find, joins=True, patience=2, closes=True)
