"""The line's constraint makes less per minute than the standard says, while it runs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from mom.facts import CountSpan, Facts, Window
from mom.history.calendar import merged
from mom.kpis.elements import ideal_seconds
from mom.losses.counter_still import still
from mom.losses.loss import Finding, LossKind, Rule, margin_of
from mom.losses.production import production_seconds, uncounted
from mom.losses.start_up import start_ups

SLOW = 0.05
"""A smaller share under the standard is a matter of the standard."""
LEAST = 1800.0
"""Seconds of production without which nothing is said of speed."""


def find(facts: Facts) -> Iterator[Finding]:
    """Production time that the pieces made do not account for; a gain is no row. Start-up is left out, and so is time
    whose pieces are not known."""
    if facts.constraint is None or facts.machine.path != facts.constraint.path or not facts.has_states:
        return
    out = merged([*start_ups(facts), *uncounted(facts), *still(facts)])
    counts = [span for span in facts.counts if span.ideal_seconds is None and not _in(span, out)]
    standard = [ideal_seconds(facts, span) for span in counts]
    ran = production_seconds(facts) - sum(production_seconds(facts, window) for window in out)
    if ran < LEAST or any(seconds is None for seconds in standard):
        return
    worth = sum(seconds or 0.0 for seconds in standard)
    lost = ran - worth
    made = sum(span.produced for span in counts)
    if worth <= 0 or lost < SLOW * ran:
        return
    units = lost * made / worth
    yield Finding(
        kind=LossKind.reduced_speed,
        key=f"reduced_speed:{facts.machine.path}",
        title=f"{facts.machine.name}: slower than the standard",
        reason="slower than the standard",
        start=counts[0].start,
        end=counts[-1].end,
        seconds=lost,
        units=units,
        money=Decimal(str(units)) * margin_of(facts, counts),
        evidence=(f"count:{counts[0].id}", f"count:{counts[-1].id}"),
        alerts=True,
        figures={
            "production_seconds": ran,
            "standard_seconds": worth,
            "produced": made,
            "under_standard": lost / ran,
            "assumption": "lost pieces at the standard rate, each worth the margin of what was made",
        },
    )


def _in(span: CountSpan, windows: Sequence[Window]) -> bool:
    return any(window.start <= span.start < window.end for window in windows)


reduced_speed = Rule("reduced_speed", "Reduced speed", find, joins=True, patience=2)
