"""One crew's shifts are worse than those of all others at the same machine. A group, never a person."""

from collections.abc import Iterator
from statistics import mean, median

import numpy as np

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, ShiftTally

TIMES = 1.5
LEAST_SHIFTS = 4
SHUFFLES = 400
SURE = 0.01
"""So seldom would shuffled crews differ as much."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Lost time (or scrap) per hour of production by crew, against what shuffled crews would show."""
    if facts.loss.kind not in ("minor_stops", "scrap"):
        return
    start = facts.machine.window.end.timestamp() - 14 * 86400
    found = [t for t in facts.tallies if t.shift.crew and t.shift.start.timestamp() >= start]
    crews = sorted({t.shift.crew for t in found if t.shift.crew})
    for crew in crews:
        ours = [_burden(facts, t) for t in found if t.shift.crew == crew]
        rest = [_burden(facts, t) for t in found if t.shift.crew != crew]
        if min(len(ours), len(rest)) < LEAST_SHIFTS or mean(ours) < TIMES * max(mean(rest), 1e-9):
            continue
        chance = _chance(ours, rest)
        if chance <= SURE:
            yield _candidate(facts, crew, ours, rest, chance)


def _burden(facts: CauseFacts, tally: ShiftTally) -> float:
    if facts.loss.kind == "scrap":
        return tally.scrap_share
    return (
        tally.stopped / tally.stops if facts.loss.rule == "minor_stops" and tally.stops else tally.stopped / tally.ran
    )


def _chance(ours: list[float], rest: list[float]) -> float:
    """How often a random choice of shifts is at least as bad: a permutation test with a fixed seed."""
    draw = np.random.default_rng(len(ours) * 1000 + len(rest))
    every = np.array([*ours, *rest])
    worse = sum(draw.permutation(every)[: len(ours)].mean() >= np.mean(ours) for _ in range(SHUFFLES))
    return float((worse + 1) / (SHUFFLES + 1))


def _candidate(facts: CauseFacts, crew: str, ours: list[float], rest: list[float], chance: float) -> Candidate:
    what = "as much of it is thrown out" if facts.loss.kind == "scrap" else "as long"
    name = facts.machine.machine.name
    times = mean(ours) / max(mean(rest), 1e-9)
    return Candidate(
        kind="crew",
        subject=f"crew {crew} at {name}: training or way of working",
        equipment=facts.loss.equipment,
        score=min(0.85, 0.6 + 0.08 * (times - TIMES) + (0.1 if chance <= 0.005 else 0.0)),
        evidence=(
            Evidence(
                f"with crew {crew} it is {times:.1f} times {what} as with the other crews, at the same machine "
                f"({len(ours)} and {len(rest)} shifts); chance would do that in {100 * chance:.1f} % of cases"
            ),
        ),
        against=()
        if median(ours) > median(rest)
        else (Evidence("the crew's middle shift is no worse: a few shifts make the difference"),),
        refuted_by=f"the same stops as long with another crew, or crew {crew} on par at the other line",
        measure_next=f"See how crew {crew} clears this stop, and who is qualified for {name} on it.",
    )


cause = Cause("crew", "One crew", find)
