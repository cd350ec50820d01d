"""When the drawn plant works and which crew is there, in seconds from its start (a midnight's 06:00 in its own zone)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.drawn.layout import Layout

ANCHOR = date(2026, 2, 2)
"""A Monday; no clock changes in the weeks behind it."""
DAY, HOUR = 86400.0, 3600.0


@dataclass(frozen=True)
class Worked:
    """One worked shift."""

    name: str
    crew: str
    start: float
    end: float


class Calendar:
    def __init__(self, layout: Layout, days: float) -> None:
        zone = ZoneInfo(layout.zone)
        self.first = ANCHOR + timedelta(days=layout.seed % 7)
        self.start = datetime(self.first.year, self.first.month, self.first.day, 6, tzinfo=zone).astimezone(UTC)
        self.seconds = days * DAY
        self.shifts = [shift for shift in self._shifts(layout, days) if shift.start < self.seconds]
        self.starts = [shift.start for shift in self.shifts]

    def _shifts(self, layout: Layout, days: float) -> list[Worked]:
        found = []
        for day in range(int(days) + 1):
            since = (self.first + timedelta(days=day) - ANCHOR).days
            for index, (name, start, end) in enumerate(layout.shifts):
                crew = layout.crews[(index + since) % len(layout.crews)]
                begins = day * DAY + (start - 6) * HOUR
                found.append(Worked(name, crew, begins, begins + ((end - start) % 24) * HOUR))
        return found

    def at(self, seconds: float) -> datetime:
        return self.start + timedelta(seconds=seconds)

    def shift_at(self, seconds: float) -> Worked | None:
        index = bisect_right(self.starts, seconds) - 1
        return self.shifts[index] if index >= 0 and seconds < self.shifts[index].end else None

    def crew_at(self, seconds: float) -> str:
        shift = self.shift_at(seconds)
        return shift.crew if shift else ""

    def spans(self) -> list[tuple[float, float]]:
        """Worked time, shifts that meet joined."""
        joined: list[tuple[float, float]] = []
        for shift in self.shifts:
            if joined and shift.start <= joined[-1][1]:
                joined[-1] = joined[-1][0], shift.end
            else:
                joined.append((shift.start, shift.end))
        return joined

    def after(self, seconds: float, work: float) -> float:
        """The moment when `work` seconds of worked time have passed since `seconds`."""
        for start, end in self.spans():
            if end <= seconds:
                continue
            begins = max(start, seconds)
            if work <= end - begins:
                return begins + work
            work -= end - begins
        return self.seconds + work

    def worked(self, start: float, end: float) -> float:
        """Seconds of worked time in a span."""
        return sum(max(0.0, min(end, high) - max(start, low)) for low, high in self.spans())

    def ambient(self, seconds: float) -> float:
        """The hall's temperature as a share of its swing: -1 in the early morning, 1 in the afternoon."""
        from math import cos, pi

        return -cos(2 * pi * ((seconds / HOUR + 6) - 3) / 24)
