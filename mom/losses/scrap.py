"""Pieces thrown out for one reason, more than chance explains."""

from collections.abc import Iterator
from decimal import Decimal

from mom.facts import CountSpan, Facts
from mom.kpis.elements import ideal_seconds
from mom.losses.attribution import is_upstream
from mom.losses.loss import Finding, LossKind, Rule, margin_of, material_of

SHARE = 0.01
"""Of the pieces made: under this, scrap is a figure but no trouble."""
LEAST = 20
"""Pieces without which a share means nothing."""


def find(facts: Facts) -> Iterator[Finding]:
    """By reason: material, and at or behind the constraint also the margin of the piece that was not sold."""
    made = sum(span.produced for span in facts.counts)
    reasons = sorted({reason for span in facts.counts for reason in span.scrap_by})
    for reason in reasons:
        counts = [span for span in facts.counts if span.scrap_by.get(reason)]
        pieces = sum(span.scrap_by[reason] for span in counts)
        if made > 0 and pieces >= LEAST and pieces >= SHARE * made:
            yield _finding(facts, reason, counts, pieces, made)


def _finding(facts: Facts, reason: str, counts: list[CountSpan], pieces: float, made: float) -> Finding:
    counted = facts.constraint is not None and not is_upstream(facts.machine, facts.constraint)
    value = material_of(facts, counts) + (margin_of(facts, counts) if counted else Decimal(0))
    standard = [ideal_seconds(facts, span) or 0.0 for span in facts.counts]
    return Finding(
        kind=LossKind.scrap,
        key=f"scrap:{facts.machine.path}:{reason}",
        title=f"{facts.machine.name}: {reason}",
        reason=reason,
        start=counts[0].start,
        end=counts[-1].end,
        seconds=pieces * sum(standard) / made if counted else 0.0,
        units=pieces,
        money=Decimal(str(pieces)) * value,
        evidence=tuple(f"count:{span.id}" for span in sorted(counts, key=lambda s: -s.scrap_by[reason])[:10]),
        alerts=True,
        figures={
            "produced": made,
            "share": pieces / made,
            "assumption": "material cost and margin of each piece" if counted else "material cost of each piece",
        },
    )


scrap = Rule("scrap", "Scrap", find, joins=True, patience=2)
