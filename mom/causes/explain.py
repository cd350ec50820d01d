"""Explain a loss: gather the facts, ask every kind of evidence, weigh all candidates together, or refuse."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from math import log1p

from sqlalchemy.ext.asyncio import AsyncSession

import mom.causes
from mom.causes.cause import Candidate, Cause, CauseFacts, Diagnosis
from mom.causes.gather import gather
from mom.causes.likely import likely
from mom.causes.past import past_cases
from mom.causes.weigh import weighed, weights
from mom.discover import discover

MOST = 6
ALIKE = 0.04
LEAST_SHOWN = 0.02
"""A candidate that is less likely is not worth a supervisor's time, unless it is the only one."""


@cache
def causes() -> dict[str, Cause]:
    """Every kind of evidence by name."""
    return discover(mom.causes, Cause)


async def explain(session: AsyncSession, loss_id: int, now: datetime) -> Diagnosis:
    """Why loss `loss_id` happened, as far as the data tell. Writes nothing. Raises NotFound."""
    facts = await gather(session, loss_id, now)
    return diagnosis(facts, candidates(facts))


def candidates(facts: CauseFacts) -> list[Candidate]:
    """What every kind of evidence finds, not yet weighed. Pure."""
    found = [candidate for kind in causes().values() for candidate in kind.find(facts)]
    return beside_each_other(found, facts.spell.gain if facts.spell else 0.0)


def beside_each_other(found: Sequence[Candidate], free: float) -> list[Candidate]:
    """Where the loss's course was looked at, how much less one explains of it (in nats) than what explains it best:
    another candidate, or a trouble that merely came and went (`free`), an ALIKE part of it apart: rates are not as steady
    as that. The sign `lack`, in the place of `nats`. Pure."""
    best = max([free, *(c.signs["nats"] for c in found if "nats" in c.signs)])
    made = []
    for candidate in found:
        signs = dict(candidate.signs)
        if "nats" in signs:
            signs["lack"] = min(6.0, log1p(max(0.0, (1 - ALIKE) * best - signs.pop("nats")))) / 2
        made.append(replace(candidate, signs=signs))
    return made


def diagnosis(facts: CauseFacts, found: Sequence[Candidate]) -> Diagnosis:
    """The candidates, the likeliest first, and whether they carry an answer. Pure."""
    ranked, none = weighed(found)
    shown = tuple(c for place, c in enumerate(ranked[:MOST]) if place == 0 or c.score >= LEAST_SHOWN)
    best = ranked[0] if ranked else None
    enough = best is not None and best.score >= weights().sufficient
    window = facts.machine.window
    return Diagnosis(
        facts.loss.id,
        facts.loss.title,
        enough,
        _found(best) if best is not None and enough else _refused(best),
        shown,
        best.measure_next if best else _measure(facts),
        tuple(kind.title for kind in causes().values()),
        none,
        past_cases(facts, best if enough else None),
        window.start,
        window.end,
    )


def _found(best: Candidate) -> str:
    seen = "; ".join(evidence.text.rstrip(".") for evidence in best.evidence)
    return f"{likely(best.score).capitalize()} {best.subject} ({100 * best.score:.0f} %): {seen}."


def _refused(best: Candidate | None) -> str:
    said = "Insufficient evidence: the data do not show what caused this."
    if best is None:
        return f"{said} Nothing that is on record changed with it."
    return f"{said} The likeliest would be {best.subject}, at {100 * best.score:.0f} %."


def _measure(facts: CauseFacts) -> str:
    name = facts.machine.machine.name
    if facts.loss.kind == "unclassified":
        return f"Enter the reason at {name} when it stops; without it nothing can be compared."
    if not facts.machine.signals:
        return f"{name} tells no signal beside its state: note what is found at the next time, and consider a sensor."
    return f"Note what is found at {name} the next time: part, product, material lot."
