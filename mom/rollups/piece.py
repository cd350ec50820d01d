"""A piece of time with its elements, so kept that pieces add up: what began in it, and what reached into it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from mom.facts import Facts, Window
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.losses.cut import Cutter

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
STEPS = (HOUR, DAY, WEEK, 4 * WEEK)
"""What is kept: each step is made of whole ones of the step before it."""
MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """`elements.rows` counts the rows that begin in the piece, `carried` those that began before and reach into it:
    of pieces side by side a row is counted once."""

    at: datetime
    elements: Elements
    carried: Mapping[str, int]


def piece_of(facts: Facts) -> Piece:
    """The facts' window as one piece."""
    made = elements(facts)
    lasting = {"states": facts.states, "stops": facts.stops, "runs": facts.runs}
    carried = {
        name: sum(1 for span in spans if span.start < facts.window.start)
        for name, spans in lasting.items()
        if name in made.rows
    }
    begun = {name: number - carried.get(name, 0) for name, number in made.rows.items()}
    return Piece(facts.window.start, replace(made, rows=begun), carried)


def joined(pieces: Iterable[Piece]) -> Elements:
    """The elements of pieces that follow each other: each row that reaches over an edge counted once."""
    ordered = sorted(pieces, key=lambda piece: piece.at)
    total = ordered[0].elements
    for piece in ordered[1:]:
        total = total + piece.elements
    first = ordered[0].carried
    names = {**total.rows, **first}
    return replace(total, rows={name: total.rows.get(name, 0) + first.get(name, 0) for name in names})


def hours_of(facts: Facts) -> Iterator[Piece]:
    """The facts' window, whole hours, cut by the hour."""
    cutter = Cutter(facts)
    for hour in hours_in(facts.window):
        window = Window(hour, hour + HOUR)
        cut = cutter.cut(window)
        shifts = tuple(s for s in facts.shifts if s.start < window.end and s.end > hour)
        states = tuple(s for s in cut.states if s.end > hour)
        runs = tuple(r for r in cut.runs if r.end > hour)
        yield piece_of(replace(cut, shifts=shifts, states=states, runs=runs))


def hours_in(window: Window) -> list[datetime]:
    """The starts of the whole hours of UTC that lie in the window."""
    start, number = ceil_to(window.start, HOUR), 0
    number = max(0, (window.end - start) // HOUR)
    return [start + n * HOUR for n in range(number)]


def floor_to(at: datetime, step: timedelta) -> datetime:
    """The start of the hour (or day, week from Monday, four weeks; of UTC) that `at` lies in."""
    return at - (at - MONDAY) % step


def ceil_to(at: datetime, step: timedelta) -> datetime:
    low = floor_to(at, step)
    return low if low == at else low + step


def without(window: Window, holes: Sequence[Window]) -> list[Window]:
    """What of `window` lies in none of `holes`, in order."""
    left, at = [], window.start
    for hole in sorted(holes, key=lambda w: w.start):
        if hole.end <= at or hole.start >= window.end:
            continue
        if hole.start > at:
            left.append(Window(at, hole.start))
        at = max(at, hole.end)
    if at < window.end:
        left.append(Window(at, window.end))
    return left
