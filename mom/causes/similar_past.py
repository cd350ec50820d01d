"""It was like this before: stops of the same reason, and the part that was mended each time."""

from collections.abc import Iterator
from datetime import timedelta

from mom.causes.alike import stops_like
from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Repair
from mom.causes.words import about, day
from mom.facts import StopSpan

NEAR = timedelta(minutes=30)


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Parts that repairs finished before name: with stops of the loss's reason, or by words that speak of it."""
    loss = facts.loss
    if loss.kind not in ("breakdown", "unclassified", "minor_stops", "scrap"):
        return
    before = [s for s in stops_like(facts.machine, loss.reason) if s.end < loss.start and s.seconds >= 300]
    parts: dict[str, list[Repair]] = {}
    for repair in facts.repairs:
        over = repair.end is not None and repair.end <= loss.start
        if (
            over
            and repair.equipment == loss.equipment
            and repair.kind == "corrective"
            and _alike(facts, repair, before)
        ):
            parts.setdefault(repair.part or "", []).append(repair)
    for part, repairs in parts.items():
        yield _candidate(facts, part, repairs, before)


def _alike(facts: CauseFacts, repair: Repair, before: list[StopSpan]) -> bool:
    told = about(f"{repair.title} {repair.text} {repair.part or ''}", facts.loss.reason)
    return told or any(_mended(repair, stop) for stop in before)


def _mended(repair: Repair, stop: StopSpan) -> bool:
    """Whether the work was done while the machine stood, or ended shortly after."""
    if repair.end is None:
        return False
    begun = repair.start or repair.end
    return begun < stop.end + NEAR and repair.end > stop.start and repair.end <= stop.end + NEAR


def _candidate(facts: CauseFacts, part: str, repairs: list[Repair], before: list[StopSpan]) -> Candidate:
    mended = [s for s in before if any(_mended(r, s) for r in repairs)]
    last, name = repairs[-1], facts.machine.machine.name
    ended = day(facts, last.end) if last.end else ""
    evidence = [
        Evidence(
            f"{last.number}, {ended}: {last.title}. {last.text[:200]}",
            tuple(f"maintenance_order:{r.id}" for r in repairs[-3:]),
        )
    ]
    if mended:
        evidence.append(
            Evidence(
                f"{len(mended)} of {len(before)} stops before with this reason ended with work on the {part or name}",
                tuple(f"stop:{s.id}" for s in mended[-5:]),
            )
        )
    return Candidate(
        kind="similar_past",
        subject=f"{part or name}: as in {last.number}",
        equipment=facts.loss.equipment,
        evidence=tuple(evidence),
        refuted_by=f"{part or 'the part'} found in order",
        measure_next=f"Check {part or 'what was repaired then'} first.",
        part=part,
        thing=last.number,
        signs={
            "times": min(4.0, len(repairs)) / 2,
            "mended": len(mended) / len(before) if before else 0.0,
            "mended_often": min(3.0, len(mended)),
            "told": float(about(f"{last.title} {last.text} {part}", facts.loss.reason)),
            "one_stop": float(facts.loss.rule == "stop"),
        },
    )


cause = Cause("similar_past", "The same before", find)
