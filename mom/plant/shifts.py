"""Shifts that overlap: a minute that belongs to two would be counted twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mom.facts import ShiftSpan, Window
from mom.history.calendar import shifts_of
from mom.plant.schema import DAYS, Calendar
from mom.yaml_file import Loc

DAY = timedelta(days=1)
ANY_WEEK = Window(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 9, tzinfo=UTC))
"""A Monday to the Monday after, both with all that they work."""
SAME_CLOCK = ZoneInfo("UTC")
Pair = tuple[ShiftSpan, ShiftSpan]


def shift_faults(calendar: Calendar) -> Iterator[tuple[Loc, str]]:
    """Pairs that overlap in every week, each once; then those that do only around an exception."""
    index = {shift.name: number for number, shift in enumerate(calendar.shifts)}
    week = calendar.model_copy(update={"exceptions": ()})
    seen = set()
    for before, after in _overlaps(shifts_of(week, SAME_CLOCK, ANY_WEEK)):
        if (before.name, after.name) not in seen:
            seen.add((before.name, after.name))
            yield ("calendar", "shifts", index[after.name], "start"), _say(before, after, DAYS[after.start.weekday()])
    for number, exception in enumerate(calendar.exceptions):
        day = datetime.combine(exception.date, datetime.min.time(), UTC)
        for before, after in _overlaps(shifts_of(calendar, SAME_CLOCK, Window(day - DAY, day + 2 * DAY))):
            if (before.name, after.name) not in seen:
                yield ("calendar", "exceptions", number, "shifts"), _say(before, after, str(after.start.date()))


def _overlaps(spans: Sequence[ShiftSpan]) -> Iterator[Pair]:
    """Of spans by start: each that begins before another has ended, after the one that ends last."""
    last: ShiftSpan | None = None
    for span in spans:
        if last is not None and span.start < last.end:
            yield last, span
        if last is None or span.end > last.end:
            last = span


def _say(before: ShiftSpan, after: ShiftSpan, when: str) -> str:
    return (
        f"shift {after.name} begins at {after.start:%H:%M} ({when}), before shift {before.name} ends at "
        f"{before.end:%H:%M}; a minute belongs to one shift: let one end where the other begins"
    )
