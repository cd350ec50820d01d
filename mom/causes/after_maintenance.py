"""It changed when a maintenance ended: a set point that was not set back, or trouble that began there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Repair
from mom.causes.daily import measure
from mom.causes.onset import rise
from mom.causes.words import day
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
    elif facts.loss.kind in ("minor_stops", "scrap"):
        yield from _since(facts, repairs)


def _set_lower(facts: CauseFacts, series: Series) -> tuple[datetime, float, float] | None:
    """(since when, share of the standard before, after) where the set speed is lower against the standard of the
    product that is on than it was before the loss."""
    share = [(at, s) for at, value in zip(series.times, series.values, strict=True) if (s := _share(facts, at, value))]
    start, end = facts.loss.start, facts.loss.end
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
        )
    ]
    if near:
        last = near[-1]
        ended = day(facts, last.end) if last.end else ""
        evidence.append(
            Evidence(
                f"{last.number} ({last.title}) ended {ended}: {last.text[:160]}", (f"maintenance_order:{last.id}",)
            )
        )
    return Candidate(
        kind="after_maintenance",
        subject=f"{name}: set speed {'not set back after maintenance' if near else 'lowered'}",
        equipment=facts.loss.equipment,
        score=0.93 if near else 0.7,
        evidence=tuple(evidence),
        refuted_by="a reason on record to run it slower (quality, a product's own speed)",
        measure_next=f"Compare the set speed of {name} with the standard of the product that is on.",
        since=since,
    )


def _since(facts: CauseFacts, repairs: list[Repair]) -> Iterator[Candidate]:
    found = facts.tallies
    level = rise([t.shift.start for t in found], [measure(facts.loss, t) for t in found])
    if level is None:
        return
    for repair in repairs:
        if repair.end is not None and timedelta(0) <= level.since - repair.end + timedelta(hours=8) <= timedelta(
            hours=12
        ):
            yield Candidate(
                kind="after_maintenance",
                subject=f"{facts.machine.machine.name}: worse since {repair.number}",
                equipment=facts.loss.equipment,
                score=0.5,
                evidence=(
                    Evidence(
                        f"{level.after / max(level.before, 1e-9):.1f} times as much since {day(facts, level.since)}; "
                        f"{repair.title} ended just before",
                        (f"maintenance_order:{repair.id}",),
                    ),
                ),
                refuted_by="the same rise on machines that were not worked on",
                measure_next=f"Ask what was done in {repair.number} and check it.",
                since=level.since,
                part=repair.part or "",
            )


cause = Cause("after_maintenance", "Changed after maintenance", find)
