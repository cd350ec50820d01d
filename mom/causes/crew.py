"""One crew's shifts are worse than those of all others at the same machine. A group, never a person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mom.causes.alike import stops_like
from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.held import Held, worse_while
from mom.causes.words import share_of

LEAST_SHIFTS = 2
"""A crew that was seen in fewer shifts cannot be told from the day."""
SHUFFLES = 999
RECENT_S = 14 * 86400.0


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Crews whose shifts have more of the loss, against what shuffled crews would show."""
    shifts = [s for s in facts.machine.shifts if s.crew and (facts.loss.end - s.start).total_seconds() <= RECENT_S]
    crews: dict[str, list[tuple[datetime, datetime]]] = {}
    for shift in shifts:
        if shift.crew:
            crews.setdefault(shift.crew, []).append((shift.start, shift.end))
    if len(crews) < 2:
        return
    lately = _since(facts, min(s.start for s in shifts))
    for held in worse_while(lately, crews):
        others = sum(len(spans) for crew, spans in crews.items() if crew != held.thing)
        if held.thing not in facts.unnamed and min(len(held.spans), others) >= LEAST_SHIFTS:
            yield _candidate(lately, held, crews)


def _since(facts: CauseFacts, start: datetime) -> CauseFacts:
    """Only the time in which these crews were seen."""
    course = facts.course
    if course is None:
        return facts
    seen = course.times >= start.timestamp()
    return replace(
        facts,
        course=replace(
            course, times=course.times[seen], exposure=course.exposure[seen], amount=course.amount[seen]
        ),
    )  # fmt: skip


def _candidate(facts: CauseFacts, held: Held, crews: dict[str, list[tuple[datetime, datetime]]]) -> Candidate:
    name, crew, times = facts.machine.machine.name, held.thing, held.contrast.ratio
    chance = _chance(facts, held, crews)
    others = sum(len(spans) for other, spans in crews.items() if other != crew)
    longer = _longer(facts, held)
    said = (
        f"with crew {crew} it is {times:.1f} times as much as with the other crews, at the same machine "
        f"({len(held.spans)} and {others} shifts); chance would do that in {100 * chance:.1f} % of cases"
    )
    more = [Evidence(f"its stops last {longer:.1f} times as long with crew {crew}")] if longer > 1.3 else []
    against = (
        (Evidence(f"{share_of(held.signs['outside'])} of the loss came with the other crews"),)
        if held.signs["outside"] > 0.3
        else ()
    )
    return Candidate(
        kind="crew",
        subject=f"crew {crew} at {name}: training or way of working",
        equipment=facts.loss.equipment,
        evidence=(Evidence(said), *more),
        against=against,
        refuted_by=f"the same loss with another crew, or crew {crew} on par at another line",
        measure_next=f"See how crew {crew} works at {name}, and who is qualified for it.",
        thing=crew,
        signs={**held.signs, "chance": min(3.0, -float(np.log10(chance))), "longer": min(1.5, max(0.0, longer - 1))},
    )


def _chance(facts: CauseFacts, held: Held, crews: dict[str, list[tuple[datetime, datetime]]]) -> float:
    """How often shifts drawn at random would be as bad: a permutation test with a fixed seed."""
    course = facts.course
    every = [(crew, span) for crew, spans in crews.items() for span in spans]
    if course is None:
        return 1.0
    inside = [course.between(*span) for _, span in every]
    lost = np.array([course.amount[mask].sum() for mask in inside])
    made = np.array([course.exposure[mask].sum() for mask in inside])
    ours = np.array([crew == held.thing for crew, _ in every])
    draw = np.random.default_rng(len(every) * 1000 + int(ours.sum()))
    told = _rate(lost, made, ours)
    worse = sum(_rate(lost, made, draw.permutation(ours)) >= told for _ in range(SHUFFLES))
    return float((worse + 1) / (SHUFFLES + 1))


def _rate(lost: NDArray[np.float64], made: NDArray[np.float64], ours: NDArray[np.bool_]) -> float:
    return float(lost[ours].sum() / max(made[ours].sum(), 1e-9))


def _longer(facts: CauseFacts, held: Held) -> float:
    """How many times as long the loss's stops last with this crew; 1 where there are too few to say."""
    stops = [] if facts.loss.kind == "scrap" else stops_like(facts.machine, facts.loss.reason)
    ours = [s.seconds for s in stops if any(a <= s.start < b for a, b in held.spans)]
    rest = [s.seconds for s in stops if s.start >= held.since and not any(a <= s.start < b for a, b in held.spans)]
    return float(np.median(ours) / max(np.median(rest), 1.0)) if min(len(ours), len(rest)) >= 8 else 1.0


cause = Cause("crew", "One crew", find)
