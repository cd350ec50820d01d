"""It happens with one product: a change-over that is long to it, or stops and scrap that come with it."""

from collections.abc import Iterator
from statistics import median

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.losses.set_up import change_overs, product_after, product_before, standard_seconds

OVER = 1.25
"""A change-over so many times its standard is long."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Change-overs to the loss's product against their standard, and against change-overs to all others."""
    if facts.loss.kind != "set_up":
        return
    wanted = facts.loss.figures.get("to")
    ours, others = _ratios(facts, wanted)
    if len(ours) < 2 or not others:
        return
    mine, rest = median(ours), median(others)
    if mine < OVER or mine < OVER * rest:
        return
    long = sum(1 for ratio in ours if ratio >= OVER)
    product = facts.machine.products.get(wanted or "")
    name = product.name if product else wanted
    parts = sorted({r.part for r in facts.repairs if r.part and "format" in r.part.casefold()})
    yield Candidate(
        kind="product",
        subject=f"the change-over to {name}: format parts or settings of that product",
        equipment=facts.loss.equipment,
        score=min(0.92, 0.55 + 0.08 * min(long, 4) + (0.1 if long == len(ours) else 0.0)),
        evidence=(
            Evidence(
                f"{long} of {len(ours)} change-overs to {name} took at least {OVER:g} times the standard "
                f"(median {mine:.2f}); to other products the median is {rest:.2f}",
                tuple(ref for ref in facts.loss.evidence),
            ),
        ),
        refuted_by=f"a change-over to {name} within its standard, with the same format parts",
        measure_next=f"Take the time of each step of the next change-over to {name}; check its format parts for wear.",
        part=parts[0] if parts else "format part",
    )


def _ratios(facts: CauseFacts, wanted: str | None) -> tuple[list[float], list[float]]:
    """Actual against standard: of change-overs to the product, of all others."""
    ours: list[float] = []
    others: list[float] = []
    for states in change_overs(facts.machine):
        start, end = states[0].start, states[-1].end
        after = product_after(facts.machine, end)
        standard = standard_seconds(facts.machine, product_before(facts.machine, start), after)
        if standard and not states[-1].open:
            (ours if after == wanted else others).append((end - start).total_seconds() / standard)
    return ours, others


cause = Cause("product", "One product", find)
