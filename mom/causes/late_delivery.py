"""The machine stood because material had not come: a delivery that was late."""

from collections.abc import Iterator
from datetime import timedelta

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Lot
from mom.causes.words import day

AROUND = timedelta(hours=3)
NO_MATERIAL = ("material", "no caps", "no labels", "no cartons", "no bottles", "missing", "waiting for")
"""Words of a reason that speaks of something that was not there."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Lots received after they were expected, about when the machine that uses them stood for want of material."""
    loss = facts.loss
    if loss.kind not in ("breakdown", "unclassified", "starved", "minor_stops"):
        return
    told = any(word in loss.reason.casefold() for word in NO_MATERIAL)
    used_here = {use.material for use in facts.lots if use.equipment == loss.equipment}
    for lot in facts.lots_known:
        if lot.expected_at is None or lot.material not in used_here or not told:
            continue
        came = lot.received_at
        late = came is not None and came > lot.expected_at + timedelta(minutes=30)
        if (late or came is None) and _meets(facts, lot):
            yield _candidate(facts, lot)


def _meets(facts: CauseFacts, lot: Lot) -> bool:
    """The stand lies where the lot was due and not there."""
    if lot.expected_at is None:
        return False
    came = lot.received_at or facts.machine.now
    return lot.expected_at - AROUND <= facts.loss.end and came >= facts.loss.start and came <= facts.loss.end + AROUND


def _candidate(facts: CauseFacts, lot: Lot) -> Candidate:
    came = f"came {day(facts, lot.received_at)}" if lot.received_at else "has not come"
    due = day(facts, lot.expected_at) if lot.expected_at else ""
    others = [o for o in facts.lots_known if o.supplier == lot.supplier and _late(o) and o.lot != lot.lot]
    evidence = [Evidence(f"lot {lot.lot} of {lot.material} was due {due} and {came}", (f"material_lot:{lot.id}",))]
    if others:
        refs = tuple(f"material_lot:{o.id}" for o in others[-5:])
        evidence.append(Evidence(f"{lot.supplier} was late {len(others)} more times in these weeks", refs))
    return Candidate(
        kind="late_delivery",
        subject=f"{lot.material} from {lot.supplier or 'the supplier'} came late",
        equipment=facts.loss.equipment,
        evidence=tuple(evidence),
        refuted_by=f"stock of {lot.material} on site at that time",
        measure_next=f"Check the stock of {lot.material} and the supplier's dates for the next deliveries.",
        since=lot.expected_at,
        thing=lot.lot,
        signs={
            "again": min(3.0, len(others)),
            "missing": float(lot.received_at is None or lot.received_at >= facts.loss.start),
        },
    )


def _late(lot: Lot) -> bool:
    hours = timedelta(hours=2)
    return lot.expected_at is not None and lot.received_at is not None and lot.received_at > lot.expected_at + hours


cause = Cause("late_delivery", "Material came late", find)
