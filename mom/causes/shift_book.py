"""What people wrote of it at the time: it waited for a tool, for material, for somebody. Their words, not a proof."""

import re
from collections.abc import Iterator
from datetime import timedelta

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Written
from mom.causes.words import day

AROUND, TOLD = timedelta(minutes=60), timedelta(minutes=5)
WAITED = re.compile(r"\b(wait\w*|miss\w*|search\w*|look(ed|ing) for|not there|without)\b", re.IGNORECASE)
NAMED = re.compile(r"\b(tool|mould|die|format part|lot|part)\s+([A-Z0-9][\w.-]*\d[\w.-]*)", re.IGNORECASE)


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Notes of the loss's time, of its machine or line, that say what was waited for and name it."""
    if facts.loss.kind in ("minor_stops", "scrap", "reduced_speed"):
        return  # nobody waits there
    for note in facts.notes:
        waited, named = WAITED.search(note.text), NAMED.search(note.text)
        if waited and named and _meets(facts, note):
            yield _candidate(facts, note, named.group(1).lower(), named.group(2).rstrip(".-"))


def _meets(facts: CauseFacts, note: Written) -> bool:
    """A note that names an order speaks of it, whenever it was written; another of what was just then."""
    orders = {run.order for run in facts.machine.runs if run.order and run.order in note.text}
    return bool(orders & _orders(facts)) if orders else _near(facts, note, AROUND, AROUND)


def _orders(facts: CauseFacts) -> set[str]:
    """The orders that were on, or (of a change-over) that it was done for."""
    start, end = facts.loss.start - TOLD, facts.loss.end + AROUND
    begun = start if facts.loss.kind == "set_up" else facts.machine.window.start
    return {run.order for run in facts.machine.runs if run.order and begun <= run.start < end and run.end > start}


def _near(facts: CauseFacts, note: Written, before: timedelta, after: timedelta) -> bool:
    return facts.loss.start - before <= note.at <= facts.loss.end + after


def _candidate(facts: CauseFacts, note: Written, what: str, thing: str) -> Candidate:
    return Candidate(
        kind="shift_book",
        subject=f"it waited for {what} {thing}",
        equipment=note.equipment or facts.loss.equipment,
        evidence=(Evidence(f"the shift book, {day(facts, note.at)}: “{note.text[:160]}”", (f"note:{note.id}",)),),
        refuted_by=f"{what} {thing} at the machine when it was needed",
        measure_next=f"Ask who was there, and where {what} {thing} was; see that it is laid out before the next time.",
        since=note.at,
        part=thing,
        thing=thing,
        signs={
            "inside": float(_near(facts, note, timedelta(minutes=15), timedelta(0))),
            "order": float(any(run.order and run.order in note.text for run in facts.machine.runs)),
            "set_up": float(facts.loss.kind == "set_up"),
            "over": min(2.0, facts.loss.seconds / 1800) if facts.loss.kind == "set_up" else 0.0,
        },
    )


cause = Cause("shift_book", "What people wrote", find)
