"""One lot of material: the loss is larger while it is in use at the machine, and not with the others."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Lot
from mom.causes.held import Held, worse_while
from mom.causes.words import day, share_of

TOOLS = frozenset({"tool", "tools", "mould", "die", "format part"})
"""What is moved to a machine and is no material."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Lots of one material at the loss's machine, each against all others of it."""
    uses = [use for use in facts.lots if use.equipment == facts.loss.equipment]
    for material in sorted({use.material for use in uses} - TOOLS):
        for held in worse_while(facts, lots_in_use(facts, material)):
            yield _candidate(facts, material, held)


def lots_in_use(facts: CauseFacts, material: str) -> dict[str, list[tuple[datetime, datetime]]]:
    """By lot (or tool), when it was in use at the loss's machine: from its move there to the next one's."""
    uses = sorted(
        (use for use in facts.lots if use.equipment == facts.loss.equipment and use.material == material),
        key=lambda use: use.at,
    )
    ends = [*(later.at for _, later in pairwise(uses)), facts.machine.window.end][: len(uses)]
    blocked = {lot.lot for lot in facts.lots_known if lot.status == "blocked"}
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for use, end in zip(uses, ends, strict=True):
        spans = found.setdefault(use.lot, [])
        if use.lot in blocked:  # what is left of it was taken away when somebody saw; the next lot stood beside it
            end = max(end, facts.end) if use.at < facts.end and facts.start < end else end
        if spans and spans[-1][1] == use.at:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((use.at, end))
    return found


def _candidate(facts: CauseFacts, material: str, held: Held) -> Candidate:
    lot = next((lot for lot in facts.lots_known if lot.lot == held.thing), None)
    blocked = lot is not None and lot.status == "blocked"
    supplier = f" ({lot.supplier})" if lot and lot.supplier else ""
    return Candidate(
        kind="material_lot",
        subject=f"{material} lot {held.thing}{supplier}",
        equipment=facts.loss.equipment,
        evidence=_for(facts, held, lot if blocked else None),
        against=_against(facts, held),
        refuted_by="the same loss with another lot",
        measure_next=f"Run another lot of {material} for an hour and compare; keep samples of {held.thing}.",
        since=held.spans[-1][0],
        thing=held.thing,
        signs={**held.signs, "blocked": float(blocked)},
    )


def _for(facts: CauseFacts, held: Held, blocked: Lot | None) -> tuple[Evidence, ...]:
    start, end = held.spans[-1]
    moves = tuple(
        f"stock_move:{u.id}" for u in facts.lots if u.lot == held.thing and u.equipment == facts.loss.equipment
    )
    seen = Evidence(
        f"while lot {held.thing} was in use ({day(facts, start)} to {day(facts, end)}) it was "
        f"{held.contrast.ratio:.1f} times as bad as with other lots",
        moves[-3:],
    )
    more = (
        [Evidence(f"lot {held.thing} was blocked by the warehouse", (f"material_lot:{blocked.id}",))] if blocked else []
    )
    near = [Evidence(f"the loss began as it came into use, {day(facts, start)}")] if held.signs["onset"] > 0.5 else []
    return (seen, *more, *near)


def _against(facts: CauseFacts, held: Held) -> tuple[Evidence, ...]:
    if held.signs["outside"] < 0.25:
        return ()
    return (Evidence(f"{share_of(held.signs['outside'])} of the loss came while another lot was in use"),)


cause = Cause("material_lot", "A lot of material", find)
