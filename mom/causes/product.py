"""It happens with one product: a change-over that is long to it, or stops, scrap and slowness that come with it."""

from collections.abc import Iterator
from datetime import datetime

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.held import Held, worse_while
from mom.causes.words import share_of
from mom.losses.set_up import change_overs, products_around

Spans = dict[str, list[tuple[datetime, datetime]]]


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Products with which the loss is larger than with all others."""
    if facts.loss.kind == "set_up":
        wanted = facts.loss.figures.get("to")
        for held in worse_while(facts, _changed_to(facts)):
            if held.thing == wanted:
                yield _change_over(facts, held)
    else:
        for held in worse_while(facts, _made(facts)):
            yield _with(facts, held)


def _made(facts: CauseFacts) -> Spans:
    found: Spans = {}
    for run in facts.machine.runs:
        if run.product:
            found.setdefault(run.product, []).append((run.start, run.end))
    return found


def _changed_to(facts: CauseFacts) -> Spans:
    found: Spans = {}
    for states in change_overs(facts.machine):
        if after := products_around(facts.machine, states)[1]:
            found.setdefault(after, []).append((states[0].start, states[-1].end))
    return found


def _name(facts: CauseFacts, product: str) -> str:
    known = facts.machine.products.get(product)
    return known.name if known else product


def _change_over(facts: CauseFacts, held: Held) -> Candidate:
    name = _name(facts, held.thing)
    parts = sorted({r.part for r in facts.repairs if r.part and "format" in r.part.casefold()})
    return Candidate(
        kind="product",
        subject=f"the change-over to {name}: format parts or settings of that product",
        equipment=facts.loss.equipment,
        evidence=(
            Evidence(
                f"{len(held.spans)} change-overs to {name} took {held.contrast.on:.2f} times the standard; "
                f"those to other products {held.contrast.off:.2f} times",
                tuple(facts.loss.evidence),
            ),
        ),
        refuted_by=f"a change-over to {name} within its standard, with the same format parts",
        measure_next=f"Take the time of each step of the next change-over to {name}; check its format parts for wear.",
        part=parts[0] if parts else "format part",
        thing=held.thing,
        signs=held.signs,
    )


def _with(facts: CauseFacts, held: Held) -> Candidate:
    name, outside = _name(facts, held.thing), held.signs["outside"]
    often = f", in {len(held.spans)} runs" if len(held.spans) > 1 else ", in the one run there was"
    return Candidate(
        kind="product",
        subject=f"{name} at {facts.machine.machine.name}: settings or format parts of that product",
        equipment=facts.loss.equipment,
        evidence=(
            Evidence(
                f"with {name} it is {held.contrast.ratio:.1f} times as much as with other products{often}",
                tuple(f"run:{r.id}" for r in facts.machine.runs if r.product == held.thing)[-3:],
            ),
        ),
        against=(Evidence(f"{share_of(outside)} of the loss came with other products"),) if outside > 0.25 else (),
        refuted_by=f"a run of {name} without it, or the same with another product",
        measure_next=f"Compare the settings of {name} with those of a product that runs well.",
        since=held.since,
        thing=held.thing,
        signs={**held.signs, "one_run": float(len(held.spans) == 1)},
    )


cause = Cause("product", "One product", find)
