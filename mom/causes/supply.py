"""What serves all machines (air, cooling, power) was not as it should be while this was lost."""

from collections.abc import Iterator

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.onset import drift
from mom.causes.words import about, moved


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Signals of shared equipment that moved, where the loss's reason or alarm speaks of them."""
    loss = facts.loss
    told = " ".join([loss.reason, *(a.text for a in facts.machine.alarms if loss.start <= a.start < loss.end)][:40])
    for series in facts.site_signals:
        level = drift(series, loss.start, loss.end)
        if level is None:
            continue
        named = about(told, series.name)
        if not named and loss.kind != "minor_stops":
            continue
        way = "fell" if level.after < level.before else "rose"
        said = moved(facts, series, level)
        yield Candidate(
            kind="supply",
            subject=f"{series.name} {way}",
            equipment=loss.equipment,
            score=0.75 if named else 0.3,
            evidence=(Evidence(said, (f"signal:{series.tag}",)),),
            refuted_by="the same loss while it was in order",
            measure_next=f"Find what draws or loses it: walk the line when it stands and listen; log {series.name}.",
            since=level.since,
        )


cause = Cause("supply", "What serves all machines", find)
