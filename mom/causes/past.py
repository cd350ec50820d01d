"""When it was like this before, and what was done then."""

from mom.causes.cause import Candidate, CauseFacts, Evidence, Repair
from mom.causes.words import about, day

MOST = 2


def past_cases(facts: CauseFacts, best: Candidate | None) -> tuple[Evidence, ...]:
    """Repairs of the machine whose words speak of the loss's reason or of the part and signal that are to blame, the last first."""
    told = " ".join([facts.loss.reason, *([best.part, best.subject.rpartition(":")[2]] if best else [])])
    alike = [r for r in facts.repairs if _alike(facts, r, told)]
    return tuple(_told(facts, repair) for repair in reversed(alike[-MOST:]))


def _alike(facts: CauseFacts, repair: Repair, told: str) -> bool:
    over = repair.end is not None and repair.end <= facts.loss.end
    mine = repair.equipment == facts.loss.equipment and repair.kind == "corrective"
    return over and mine and about(f"{repair.title} {repair.text} {repair.part or ''}", told)


def _told(facts: CauseFacts, repair: Repair) -> Evidence:
    ended = day(facts, repair.end) if repair.end else ""
    return Evidence(
        f"{repair.number}, {ended}: {repair.title}. {repair.text[:200]}", (f"maintenance_order:{repair.id}",)
    )
