"""What surrounds all machines: the warmth of the hall, and what serves them (air, cooling, power)."""

from collections.abc import Iterator

import numpy as np

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.contrast import dose
from mom.causes.held import onset
from mom.causes.level import drift, on_course
from mom.causes.words import about, moved
from mom.facts import Series

AMBIENT = ("ambient", "room", "hall", "outdoor", "outside")
LEAST_GAIN = 2.0


def ambient(facts: CauseFacts) -> Series | None:
    """The warmth or humidity of the surroundings, where it is measured."""
    return next((s for s in facts.site_signals if about_surroundings(s)), None)


def about_surroundings(series: Series) -> bool:
    told = f"{series.name} {series.tag}".casefold()
    return any(word in told for word in AMBIENT)


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Signals of shared equipment with which the loss grows and falls, or that moved while its reason speaks of them."""
    loss, course = facts.loss, facts.course
    if loss.kind in ("set_up", "start_up"):
        return
    told = " ".join([loss.reason, *(a.text for a in facts.machine.alarms if loss.start <= a.start < loss.end)][:40])
    for series in facts.site_signals:
        level = drift(series, facts.start, facts.end)
        gain = dose(course, on_course(series, course)) if course is not None else 0.0
        named = about(told, series.name)
        if (level is None or not named) and abs(gain) < LEAST_GAIN:
            continue
        free = facts.spell.gain if facts.spell else 0.0
        way = "high" if gain > 0 else "low"
        said = [Evidence(moved(facts, series, level), (f"signal:{series.tag}",))] if level else []
        if abs(gain) >= LEAST_GAIN:
            said.append(Evidence(f"the loss is larger when {series.name} is {way}", (f"signal:{series.tag}",)))
        yield Candidate(
            kind="surroundings",
            subject=f"{series.name} {'rose' if level.after > level.before else 'fell'}"
            if level
            else f"{series.name} is {way}",
            equipment=loss.equipment,
            evidence=tuple(said),
            refuted_by="the same loss while it was in order",
            measure_next=f"Find what moves {series.name}; log it beside the loss for a day.",
            since=level.since if level else None,
            thing=series.tag,
            signs={
                "nats": abs(gain),
                "gain": min(30.0, max(0.0, abs(gain) - float(np.log(max(1, len(facts.site_signals)))))) / 10,
                "fit": float(np.clip(abs(gain) / max(free, abs(gain), 1e-9), 0, 1)),
                "size": min(20.0, abs(level.size)) / 10 if level else 0.0,
                "onset": onset(facts, [level.since]) if level else 0.0,
                "speaks": float(named),
                "ambient": float(about_surroundings(series)),
            },
        )


cause = Cause("surroundings", "What surrounds and serves all machines", find)
