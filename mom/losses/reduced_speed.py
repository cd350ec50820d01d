"""A machine makes less per minute than the standard says, while it runs."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from mom.facts import CountSpan, Facts, Window
from mom.history.calendar import merged
from mom.kpis.elements import ideal_seconds
from mom.losses.counter_still import unsure
from mom.losses.loss import Finding, LossKind, Rule, margin_of
from mom.losses.production import production_spans
from mom.losses.start_up import start_ups
from mom.losses.stretch import Bin, Stretch, stretches

SLOW = 0.05
"""A smaller share under the standard is a matter of the standard."""
LEAST_LOST = 90.0
"""Seconds: so much has to be lost before a slow stretch is told from how counts fall into minutes."""
LEAST = 900.0
"""Seconds of production without which nothing is said of speed."""
MOST = 0.9
"""What makes next to nothing is not slow: its pieces are not known."""
CALM = 3600.0
"""Seconds at the standard after which a slow stretch is over."""
BIN = timedelta(minutes=5)


def find(facts: Facts) -> Iterator[Finding]:
    """Stretches in which production time is not accounted for by the pieces made. A gain is no row. Start-up is left out,
    and so is time whose pieces are not known. What is slow elsewhere than at the line's constraint costs the line
    nothing by itself: only what the constraint waits for it does, and that shows there."""
    if facts.machine.ideal_rate is None and facts.constraint is None:
        return
    if not facts.has_states or not facts.has_counts:
        return
    bins = _bins(facts)
    at_constraint = facts.constraint is not None and facts.machine.path == facts.constraint.path
    for stretch in stretches(bins, SLOW, LEAST_LOST, CALM):
        told = at_constraint or _ran_well(bins, stretch)
        if told and stretch.base >= LEAST and stretch.lost < MOST * stretch.base:
            yield _finding(facts, stretch)


def _ran_well(bins: Sequence[Bin], stretch: Stretch) -> bool:
    """Whether the machine kept its standard for long before or after: one that always goes at its line's pace is not slow."""
    before = [one for one in bins if one.window.end <= stretch.window.start]
    after = [one for one in bins if one.window.start >= stretch.window.end]
    return any(
        sum(one.base for one in some) >= CALM
        and sum(one.lost for one in some) < 0.5 * SLOW * sum(one.base for one in some)
        for some in (before, after)
    )


def _bins(facts: Facts) -> list[Bin]:
    """Production time of five minutes each, and what of it the pieces made do not account for; from the first to the last
    that were told."""
    out = merged([*start_ups(facts), *unsure(facts)])
    counts = [span for span in facts.counts if span.ideal_seconds is None and not _in(span, out)]
    if not counts:
        return []
    runs, bins, count = production_spans(facts), [], 0
    starts, ends = [run.start for run in runs], [run.end for run in runs]
    at, upto = counts[0].start, min(facts.window.end, max(span.end for span in counts))
    while at < upto:
        window = Window(at, min(at + BIN, upto))
        near = runs[bisect_right(ends, at) : bisect_left(starts, window.end)]
        ran = sum(window.overlap(run.start, run.end) for run in near)
        ran -= sum(w.overlap(r.start, r.end) for o in out if (w := window.cut(o.start, o.end)) for r in near)
        worth = 0.0
        while count < len(counts) and counts[count].start < window.end:
            standard = ideal_seconds(facts, counts[count])
            if standard is None:
                return []
            worth, count = worth + standard, count + 1
        if ran > 0 or worth > 0:
            bins.append(Bin(window, ran, ran - worth))
        at += BIN
    return bins


def _in(span: CountSpan, windows: Sequence[Window]) -> bool:
    return any(window.start <= span.start < window.end for window in windows)


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
