"""Where it really began: the machine up or down the line whose stops made this one wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.facts import Facts

BEFORE = timedelta(minutes=5)
LEAST = 3


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Neighbours that stopped just before the loss's stops, far more often than chance would have it."""
    loss = facts.loss
    if loss.kind not in ("minor_stops", "breakdown", "unclassified"):
        return
    stops = [s for s in facts.machine.stops if s.reason == loss.reason and loss.start <= s.start < loss.end]
    if len(stops) < LEAST:
        return
    for neighbour in facts.line:
        if neighbour.machine.path == loss.equipment:
            continue
        near = [s for s in stops if _stopped_before(neighbour, s.start)]
        share, expected = len(near) / len(stops), _expected(neighbour, facts)
        if share >= 0.5 and share >= 2.5 * expected:
            yield Candidate(
                kind="origin",
                subject=f"stops of {neighbour.machine.name} come just before",
                equipment=neighbour.machine.path,
                score=min(0.75, 0.3 + 0.5 * share),
                evidence=(
                    Evidence(
                        f"{len(near)} of {len(stops)} stops began within 5 min of one of {neighbour.machine.name}; "
                        f"by chance it would be {100 * expected:.0f} %",
                        tuple(f"stop:{s.id}" for s in near[-5:]),
                    ),
                ),
                refuted_by=f"the same stops while {neighbour.machine.name} runs without one",
                measure_next=f"Look into the stops of {neighbour.machine.name} first.",
            )


def _stopped_before(neighbour: Facts, at: datetime) -> bool:
    return any(stop.start <= at <= stop.start + BEFORE for stop in neighbour.stops)


def _expected(neighbour: Facts, facts: CauseFacts) -> float:
    begun = [s for s in neighbour.stops if facts.loss.start <= s.start < facts.loss.end]
    seconds = max(1.0, (facts.loss.end - facts.loss.start).total_seconds())
    return min(1.0, len(begun) * BEFORE.total_seconds() / seconds)


cause = Cause("origin", "Up or down the line", find)
