"""Pieces thrown out for one reason, more than chance explains."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from mom.facts import Facts, Window
from mom.kpis.elements import ideal_seconds
from mom.losses.attribution import is_upstream
from mom.losses.counter_still import unsure
from mom.losses.loss import Finding, LossKind, Rule, margin_of, material_of
from mom.losses.start_up import start_ups
from mom.losses.stretch import Bin, Stretch, stretches

SHARE = 0.01
"""Of the pieces made: under this, scrap is a figure but no trouble."""
LEAST = 12.0
"""Pieces without which a share means nothing."""
TIMES = 2.5
"""As many times what is usual, and LEAST beyond, before it is more than wavering."""
CALM_S = 3600.0
"""So much time in order, in pieces, after which it is over."""
BIN = timedelta(minutes=5)


def find(facts: Facts) -> Iterator[Finding]:
    """By reason: material, and at or behind the constraint also the margin of the piece that was not sold."""
    out = [*start_ups(facts), *unsure(facts)]
    for reason in sorted({reason for span in facts.counts for reason in span.scrap_by}):
        for stretch in scrap_stretches(facts, reason, out):
            yield _finding(facts, reason, stretch)


def scrap_stretches(facts: Facts, reason: str, out: Sequence[Window]) -> list[Stretch]:
    """When so much was thrown out for a reason, `out` left out. What is thrown out at start-up belongs to that; where pieces are not all
    known, shares mean nothing."""
    bins: list[Bin] = []
    at, made, lost = facts.window.start, 0.0, 0.0
    for span in facts.counts:
        if any(one.overlap(span.start, span.end) > 0 for one in out):
            continue
        while span.start >= at + BIN:
            if made or lost:
                bins.append(Bin(Window(at, at + BIN), made, lost))
            at, made, lost = at + BIN, 0.0, 0.0
        made, lost = made + span.produced, lost + span.scrap_by.get(reason, 0.0)
    if made or lost:
        bins.append(Bin(Window(at, min(at + BIN, facts.window.end)), made, lost))
    hours = sum(one.window.seconds for one in bins) / CALM_S
    calm = sum(one.base for one in bins) / hours if hours else 0.0
    found = stretches(bins, SHARE, LEAST, calm)
    inside = {one for stretch in found for one in stretch.bins}
    others = [one for one in bins if one not in inside]
    return [one for one in found if one.lost >= LEAST + TIMES * _usual(facts, others, one)]


def _usual(facts: Facts, others: Sequence[Bin], stretch: Stretch) -> float:
    """Pieces that would have been thrown out in a stretch by what is usual at `others` times: each product by its own
    share, as far as they are long enough to tell; one that was on at no other time by that of all."""
    shares = {product: _share(some) for product, some in _by_product(facts, others).items()}
    every = _share(others) or 0.0
    mine = _by_product(facts, stretch.bins)
    told = {product: share for product, share in shares.items() if share is not None}
    return sum(told.get(product, every) * sum(one.base for one in some) for product, some in mine.items())


def _by_product(facts: Facts, bins: Sequence[Bin]) -> dict[str | None, list[Bin]]:
    """By the product that was on when each began."""
    found: dict[str | None, list[Bin]] = {}
    for one in bins:
        on = [run.product for run in facts.runs if run.start <= one.window.start < run.end]
        found.setdefault(on[-1] if on else None, []).append(one)
    return found


def _share(bins: Sequence[Bin]) -> float | None:
    """None: too few pieces to tell."""
    made = sum(one.base for one in bins)
    return sum(one.lost for one in bins) / made if made * SHARE >= LEAST else None


def _finding(facts: Facts, reason: str, stretch: Stretch) -> Finding:
    window, pieces, made = stretch.window, stretch.lost, stretch.base
    inside = [span for span in facts.counts if window.start <= span.start < window.end]
    counts = [span for span in inside if span.scrap_by.get(reason)]
    counted = facts.constraint is not None and not is_upstream(facts.machine, facts.constraint)
    value = material_of(facts, counts) + (margin_of(facts, counts) if counted else Decimal(0))
    standard = [ideal_seconds(facts, span) or 0.0 for span in inside]
    return Finding(
        kind=LossKind.scrap,
        key=f"scrap:{facts.machine.path}:{reason}",
        title=f"{facts.machine.name}: {reason}",
        reason=reason,
        start=counts[0].start,
        end=window.end if stretch.over else None,
        seconds=pieces * sum(standard) / made if counted and made else 0.0,
        units=pieces,
        money=Decimal(str(pieces)) * value,
        evidence=tuple(f"count:{span.id}" for span in sorted(counts, key=lambda s: -s.scrap_by[reason])[:10]),
        alerts=True,
        figures={
            "produced": made,
            "share": pieces / made if made else 1.0,
            "assumption": "material cost and margin of each piece" if counted else "material cost of each piece",
        },
    )


scrap = Rule("scrap", "Scrap", find, joins=True, patience=2, closes=True)
