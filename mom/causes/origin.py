"""Where it really began: the machine up or down the line whose stops made this one stop or wait."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from mom.causes.alike import stops_like
from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.contrast import contrast
from mom.facts import Facts, StopSpan

BEFORE = timedelta(minutes=5)
LEAST = 3


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Neighbours that stopped just before the loss's stops, far more often than chance would have it."""
    loss = facts.loss
    constraint = facts.machine.constraint
    if loss.kind == "reduced_speed" and constraint is not None and constraint.path != loss.equipment:
        yield _itself(facts, constraint.name)
    if loss.kind not in ("minor_stops", "breakdown", "unclassified", "starved"):
        return
    stops = [s for s in stops_like(facts.machine, loss.reason) if loss.start <= s.start < loss.end]
    for neighbour in facts.line if len(stops) >= LEAST else ():
        if neighbour.machine.path == loss.equipment:
            continue
        near = [s for s in stops if _stopped_before(neighbour, s)]
        share, expected = len(near) / len(stops), _expected(neighbour, facts)
        if share >= 0.5 and share >= 2.5 * expected:
            yield _candidate(facts, neighbour, near, len(stops), expected)


def _candidate(facts: CauseFacts, neighbour: Facts, near: list[StopSpan], stops: int, expected: float) -> Candidate:
    from scipy.special import bdtrc  # its import costs a quarter of a second, and such a candidate is rare

    name, share = neighbour.machine.name, len(near) / stops
    chance = float(bdtrc(len(near) - 1, stops, min(0.999, max(expected, 1e-3)))) * max(1, len(facts.line) - 1)
    return Candidate(
        kind="origin",
        subject=f"stops of {name} come just before",
        equipment=neighbour.machine.path,
        evidence=(
            Evidence(
                f"{len(near)} of {stops} stops began within 5 min of one of {name}; "
                f"by chance it would be {100 * expected:.0f} %",
                tuple(f"stop:{s.id}" for s in near[-5:]),
            ),
        ),
        refuted_by=f"the same stops while {name} runs without one",
        measure_next=f"Look into the stops of {name} first.",
        thing=neighbour.machine.path,
        signs={"share": share, "chance": min(3.0, -float(np.log10(max(min(chance, 1.0), 1e-9))))},
    )


def _itself(facts: CauseFacts, constraint: str) -> Candidate:
    """Not the line's constraint is slow but this machine, and the constraint waits for it."""
    name, course = facts.machine.machine.name, facts.course
    found = contrast(course, course.between(facts.start, facts.end)) if course is not None else None
    slow = f": {100 * (found.on - found.off):.0f} % of its time more than before" if found else ""
    return Candidate(
        kind="origin",
        subject=f"{name} itself: it has become the slowest of the line",
        equipment=facts.loss.equipment,
        evidence=(
            Evidence(f"{name} runs slower than it should{slow}; {constraint} waits for it", facts.loss.evidence),
        ),
        refuted_by=f"{constraint} as slow while {name} keeps its pace",
        measure_next=f"Look at {name}: what it waits for within its cycle, and its settings.",
        since=facts.start,
        thing=facts.loss.equipment,
        signs={"itself": 1.0, "gain": min(30.0, max(0.0, found.gain)) / 10 if found else 0.0},
    )


def _stopped_before(neighbour: Facts, stop: StopSpan) -> bool:
    return any(other.start <= stop.start <= other.start + BEFORE for other in neighbour.stops)


def _expected(neighbour: Facts, facts: CauseFacts) -> float:
    begun = [s for s in neighbour.stops if facts.loss.start <= s.start < facts.loss.end]
    seconds = max(1.0, (facts.loss.end - facts.loss.start).total_seconds())
    return min(1.0, len(begun) * BEFORE.total_seconds() / seconds)


cause = Cause("origin", "Up or down the line", find)
