"""One tool (mould, die, format part): the loss is larger while it is on, and not with the others."""

from collections.abc import Iterator
from datetime import datetime

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.held import Held, worse_while
from mom.causes.material_lot import TOOLS, lots_in_use
from mom.causes.words import day, share_of


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Tools that were on at the loss's machine, each against all others."""
    for held in worse_while(facts, tools_on(facts)):
        yield _candidate(facts, held)


def tools_on(facts: CauseFacts) -> dict[str, list[tuple[datetime, datetime]]]:
    """By tool, when it was on: by its moves to the machine, or what the counts say."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for material in TOOLS:
        found |= lots_in_use(facts, material)
    if found:
        return found
    for span in facts.machine.counts:
        if span.tool:
            spans = found.setdefault(span.tool, [])
            if spans and (span.start - spans[-1][1]).total_seconds() <= 900:
                spans[-1] = (spans[-1][0], span.end)
            else:
                spans.append((span.start, span.end))
    return found


def _candidate(facts: CauseFacts, held: Held) -> Candidate:
    name, outside = facts.machine.machine.name, held.signs["outside"]
    start, end = held.spans[-1]
    return Candidate(
        kind="tool",
        subject=f"tool {held.thing} at {name}",
        equipment=facts.loss.equipment,
        evidence=(
            Evidence(
                f"with tool {held.thing} (last {day(facts, start)} to {day(facts, end)}) it is "
                f"{held.contrast.ratio:.1f} times as much as with other tools",
                tuple(f"stock_move:{u.id}" for u in facts.lots if u.lot == held.thing)[-3:],
            ),
        ),
        against=(Evidence(f"{share_of(outside)} of the loss came with other tools"),) if outside > 0.25 else (),
        refuted_by="the same loss with another tool on",
        measure_next=f"Take {held.thing} out, look at it for wear or damage, and run another one.",
        since=held.since,
        part=held.thing,
        thing=held.thing,
        signs=held.signs,
    )


cause = Cause("tool", "One tool", find)
