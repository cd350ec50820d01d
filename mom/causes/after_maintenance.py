"""It changed when a maintenance ended: a set point that was not set back, or trouble that began there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Repair
from mom.causes.held import Held, worse_while
from mom.causes.words import about, day
from mom.facts import Series
from mom.kpis.elements import ideal_rate

LOWER = 0.97
"""A set speed under this share of what it was is lower on purpose or by mistake."""
NEAR = timedelta(hours=4)
"""A change so soon after a maintenance's end may be its doing."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """A set speed under what it was, since a maintenance of the machine; else a rise of the loss since one."""
    repairs = [r for r in facts.repairs if r.equipment == facts.loss.equipment and r.end is not None]
    if facts.loss.kind == "reduced_speed":
        for series in facts.machine.signals.values():
            if "set_speed" in series.tag and (change := _set_lower(facts, series)):
                yield _slow(facts, series, repairs, *change)
                return
    yield from _since(facts, repairs)


def _set_lower(facts: CauseFacts, series: Series) -> tuple[datetime, float, float] | None:
    """(since when, share of the standard before, after) where the set speed is lower against the standard of the
    product that is on than it was before the loss."""
    share = [(at, s) for at, value in zip(series.times, series.values, strict=True) if (s := _share(facts, at, value))]
    start, end = facts.start, facts.end
    before = [s for at, s in share if at < start - NEAR]
    after = [(at, s) for at, s in share if start - NEAR <= at < end]
    if len(before) < 3 or not after:
        return None
    usual, lately = float(np.median(before)), float(np.median([s for _, s in after]))
    if lately > LOWER * usual:
        return None
    return next(at for at, s in after if s <= LOWER * usual), usual, lately


def _share(facts: CauseFacts, at: datetime, value: float) -> float | None:
    product = next((run.product for run in facts.machine.runs if run.start <= at < run.end), None)
    rate = ideal_rate(facts.machine, product)
    return value / rate if rate and value > 0 else None


def _slow(
    facts: CauseFacts, series: Series, repairs: list[Repair], since: datetime, before: float, after: float
) -> Candidate:
    near = [r for r in repairs if r.end is not None and abs(r.end - since) <= NEAR]
    name = facts.machine.machine.name
    evidence = [
        Evidence(
            f"the set speed is {100 * (before - after):.0f} % lower than before, since {day(facts, since)}",
            (f"signal:{series.tag}",),
        ),
        *(_ended(facts, repair) for repair in near[-1:]),
    ]
    return Candidate(
        kind="after_maintenance",
        subject=f"{name}: set speed {'not set back after maintenance' if near else 'lowered'}",
        equipment=facts.loss.equipment,
        evidence=tuple(evidence),
        refuted_by="a reason on record to run it slower (quality, a product's own speed)",
        measure_next=f"Compare the set speed of {name} with the standard of the product that is on.",
        since=since,
        thing=near[-1].number if near else series.tag,
        signs={"set_lower": 1.0, "near": float(bool(near)), "drop": min(2.0, 10 * (before - after))},
    )


def _since(facts: CauseFacts, repairs: list[Repair]) -> Iterator[Candidate]:
    """Works since which, up to the next on the same machine or until it was over, the loss is larger than before."""
    end = facts.end
    ends = sorted((r.end, r) for r in repairs if r.end is not None and r.end <= facts.start + NEAR)
    spans = {
        repair.number: [(at, min([later for later, _ in ends if later > at] + [end]))] for at, repair in ends
    }  # fmt: skip
    for held in worse_while(facts, spans):
        repair = next(r for r in repairs if r.number == held.thing)
        if held.signs["onset"] > 0.05:
            yield _worse(facts, held, repair)


def _worse(facts: CauseFacts, held: Held, repair: Repair) -> Candidate:
    name = facts.machine.machine.name
    said = f"{held.contrast.ratio:.1f} times as much since {day(facts, held.since)}; {repair.title} ended just before"
    own = next((s for s in facts.machine.signals.values() if about(f"{repair.title} {repair.text}", s.name)), None)
    return Candidate(
        kind="after_maintenance",
        subject=f"{name}: worse since {repair.number} ({repair.title})",
        equipment=facts.loss.equipment,
        evidence=(Evidence(said, (f"maintenance_order:{repair.id}",)),),
        against=(Evidence("it was an inspection: nothing was changed"),) if repair.kind == "inspection" else (),
        refuted_by="the same rise on machines that were not worked on",
        measure_next=f"Ask what was done in {repair.number} and check it.",
        since=held.since,
        part=repair.part or "",
        thing=repair.number,
        signs={
            **held.signs,
            "speaks": float(about(f"{repair.title} {repair.text} {repair.part or ''}", facts.loss.reason)),
            "of_signal": float(own is not None),
            "looked_only": float(repair.kind == "inspection"),
        },
    )


def _ended(facts: CauseFacts, repair: Repair) -> Evidence:
    ended = day(facts, repair.end) if repair.end else ""
    text = f"{repair.number} ({repair.title}) ended {ended}: {repair.text[:160]}"
    return Evidence(text, (f"maintenance_order:{repair.id}",))


cause = Cause("after_maintenance", "Changed after maintenance", find)
