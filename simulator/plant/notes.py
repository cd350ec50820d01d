"""The shift book: what crews wrote of their shift, the way people write at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.plant import wording
from simulator.plant.people import lead_of, operator_of

if TYPE_CHECKING:
    from simulator.plant.calendar import WorkedShift
    from simulator.plant.machine import Stop
    from simulator.plant.site import Site

MANY = 5  # stops of one reason in a shift that somebody writes about
LONG = 1500.0  # seconds of a stop that somebody writes about
WRITTEN = 0.8  # share of what could be written that is


@dataclass(frozen=True)
class Note:
    key: str
    at: datetime
    data: dict[str, Any]


def notes(site: Site, since: float = -1.0) -> list[Note]:
    """A few notes for each shift that has ended after `since`."""
    ended = [shift for shift in site.shifts if max(0.0, since) < shift.ends <= site.env.now]
    by_shift: dict[str, list[Stop]] = {shift.key: [] for shift in ended}
    log, index = site.stoppages.log, 0
    while ended and index < len(log) and log[index].began < ended[0].begins:
        index += 1
    for shift in ended:
        while index < len(log) and log[index].began < shift.ends:
            by_shift[shift.key].append(log[index])
            index += 1
    return [note for shift in ended for note in _of_shift(site, shift, by_shift[shift.key])]


def _of_shift(site: Site, shift: WorkedShift, stops: list[Stop]) -> Iterator[Note]:
    draw = site.streams.of("notes", shift.key)
    often = Counter((stop.machine, stop.code) for stop in stops)
    long = {(s.machine, s.code) for s in stops if s.ended is not None and s.ended - s.began > LONG}
    subjects = sorted((key for key in often if often[key] >= MANY or key in long), key=lambda k: -often[k])[:4]
    number = 0
    for machine, code in subjects:
        if draw.random() > WRITTEN:
            continue
        number += 1
        text = wording.shift_note(draw, machine, code, often[machine, code])
        yield _note(
            site, shift, number, machine, operator_of(shift.crew, machine.split("/")[0]), text, draw.uniform(300, 3000)
        )
    if not subjects or draw.random() < 0.15:
        yield _note(site, shift, 9, None, lead_of(shift.crew), wording.quiet_note(draw), 200)


def _note(
    site: Site, shift: WorkedShift, number: int, machine: str | None, author: str, text: str, before_end: float
) -> Note:
    at = site.at(round(max(0.0, shift.ends - before_end)))
    data = {
        "equipment": machine,
        "author": author,
        "crew": shift.crew,
        "text": text,
        "at": at.isoformat(),
        "kind": "shift",
    }
    return Note(f"{shift.key.replace('/', '-')}-{number}", at, data)
