"""When this was repaired before at the same machine: what was found then."""

from collections.abc import Iterator

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.words import about, day


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Corrective repairs of the machine, finished before, whose words speak of the loss's reason."""
    loss = facts.loss
    told = loss.reason
    alike = [
        repair
        for repair in facts.repairs
        if repair.equipment == loss.equipment
        and repair.end is not None
        and repair.end <= loss.end
        and repair.kind == "corrective"
        and about(f"{repair.title} {repair.text} {repair.part or ''}", told)
    ]
    for repair in alike[-2:]:
        ended = day(facts, repair.end) if repair.end else ""
        yield Candidate(
            kind="similar_past",
            subject=f"{repair.part or facts.machine.machine.name}: as in {repair.number}",
            equipment=loss.equipment,
            evidence=(
                Evidence(
                    f"{repair.number}, {ended}: {repair.title}. {repair.text[:200]}",
                    (f"maintenance_order:{repair.id}",),
                ),
            ),
            refuted_by=f"{repair.part or 'the part'} found in order",
            measure_next=f"Check {repair.part or 'what was repaired then'} first.",
            part=repair.part or "",
            thing=repair.number,
            signs={"alike": 1.0},
        )


cause = Cause("similar_past", "The same before", find)
