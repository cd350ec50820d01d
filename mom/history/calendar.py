"""When the plant works: its calendar as worked shifts with their crews, exact over daylight saving."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mom.facts import ShiftSpan, Window
from mom.plant.schema import DAYS, Calendar, CrewRotation, Shift

DAY = timedelta(days=1)


def shifts_of(calendar: Calendar, zone: ZoneInfo, window: Window) -> tuple[ShiftSpan, ...]:
    """The worked shifts that touch `window`, whole (not cut), by start. Local times become instants day by day."""
    first = window.start.astimezone(zone).date() - DAY
    last = window.end.astimezone(zone).date()
    spans = [span for day in _days(first, last) for span in _worked(calendar, zone, day)]
    return tuple(sorted((s for s in spans if window.overlap(s.start, s.end) > 0), key=lambda s: s.start))


def days_of(zone: ZoneInfo, window: Window) -> list[Window]:
    """The local calendar days that touch `window`, whole: 23 or 25 hours long where the clocks change."""
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    days = [Window(_midnight(day, zone), _midnight(day + DAY, zone)) for day in _days(first, last)]
    return [day for day in days if window.overlap(day.start, day.end) > 0]


def planned(shifts: Sequence[ShiftSpan]) -> list[Window]:
    """Planned busy time: shifts that meet or overlap are one span."""
    return list(merged(Window(shift.start, shift.end) for shift in shifts))


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same time in order, without overlaps."""
    whole: list[Window] = []
    for one in sorted(windows, key=lambda w: w.start):
        if whole and one.start <= whole[-1].end:
            whole[-1] = Window(whole[-1].start, max(whole[-1].end, one.end))
        else:
            whole.append(one)
    return tuple(whole)


def shift_at(shifts: Sequence[ShiftSpan], at: datetime) -> ShiftSpan | None:
    return next((shift for shift in shifts if shift.start <= at < shift.end), None)


def _worked(calendar: Calendar, zone: ZoneInfo, day: date) -> Iterator[ShiftSpan]:
    exception = next((e for e in calendar.exceptions if e.date == day), None)
    for index, shift in enumerate(calendar.shifts):
        works = shift.name in exception.shifts if exception else DAYS[day.weekday()] in shift.days
        if works:
            yield ShiftSpan(shift.name, _crew(calendar.rotation, index, day), *_span(shift, zone, day))


def _span(shift: Shift, zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    end_day = day + DAY if shift.end <= shift.start else day
    start, end = datetime.combine(day, shift.start, zone), datetime.combine(end_day, shift.end, zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def _crew(rotation: CrewRotation | None, shift: int, day: date) -> str | None:
    """The order moves on by one crew every day or week from the anchor."""
    if rotation is None or not rotation.crews:
        return None
    days = (day - rotation.anchor).days
    return rotation.crews[(shift + (days // 7 if rotation.every == "week" else days)) % len(rotation.crews)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY
