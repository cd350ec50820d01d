"""Days, weeks, months and shifts of a plant as windows: local time in, instants out. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mom.facts import ShiftSpan, Window
from mom.history.calendar import shifts_of
from mom.plant.schema import Calendar

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Moments:
    """The plant's clock standing at `now`. `calendar` is None where the plant has no shifts."""

    now: datetime
    zone: ZoneInfo
    calendar: Calendar | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a local time. An hour that the clocks skip becomes the one after it."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def days(self, first: date, count: int = 1) -> Window:
        """`count` whole local days: 23 or 25 hours where the clocks change."""
        return Window(self.at(first, time()), self.at(first + count * DAY, time()))

    def week(self, back: int = 0) -> Window:
        """From Monday on. `back` 1: last week."""
        return self.days(self.today - timedelta(days=self.today.weekday() + 7 * back), 7)

    def month(self, year: int, month: int) -> Window:
        after = date(year + month // 12, month % 12 + 1, 1)
        return Window(self.at(date(year, month, 1), time()), self.at(after, time()))

    def shifts(self, window: Window) -> tuple[ShiftSpan, ...]:
        return shifts_of(self.calendar, self.zone, window) if self.calendar else ()

    def past_shifts(self) -> list[ShiftSpan]:
        """Shifts that have begun, the newest first; the first is the running one, if one is."""
        spans = self.shifts(Window(self.now - LOOK_BACK, self.now + timedelta(seconds=1)))
        return sorted((span for span in spans if span.start <= self.now), key=lambda span: span.start, reverse=True)

    def shift_on(self, name: str, day: date) -> ShiftSpan | None:
        """The shift of that name which begins on a local day."""
        begins = self.days(day)
        return next((s for s in self.shifts(begins) if s.name == name and begins.start <= s.start < begins.end), None)

    def shift_names(self) -> tuple[str, ...]:
        return tuple(shift.name for shift in self.calendar.shifts) if self.calendar else ()

    def weekday(self, number: int) -> date:
        """The last such weekday, today included."""
        return self.today - timedelta(days=(self.today.weekday() - number) % 7)

    def until_now(self, window: Window) -> Window:
        return Window(window.start, min(window.end, self.now)) if window.start < self.now else window
