"""Shifts and the crews that have them, in simulated seconds from the plant's start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.plant.layout import Layout

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class WorkedShift:
    """One shift on one day: `begins` and `ends` in seconds from the plant's start, `key` unlike any other's."""

    key: str
    name: str
    crew: str
    date: date
    begins: float
    ends: float


def worked_shifts(layout: Layout, start: datetime, first: date) -> Iterator[WorkedShift]:
    """Every shift from the local day `first` on, for ever, in order of time."""
    zone = ZoneInfo(layout.time_zone)
    day = first
    while True:
        for index, shift in enumerate(layout.shifts):
            exception = layout.exceptions.get(day)
            if shift.name not in exception if exception is not None else DAYS[day.weekday()] not in shift.days:
                continue
            begins = datetime.combine(day, shift.start, zone)
            ends = datetime.combine(day + timedelta(days=shift.end <= shift.start), shift.end, zone)
            yield WorkedShift(
                key=f"{day}/{shift.name}",
                name=shift.name,
                crew=crew_of(layout, index, day),
                date=day,
                begins=(begins - start).total_seconds(),
                ends=(ends - start).total_seconds(),
            )
        day += timedelta(days=1)


def crew_of(layout: Layout, shift: int, day: date) -> str:
    """The crew of the `shift`-th shift that begins on `day`."""
    days = (day - layout.anchor).days
    steps = days // 7 if layout.rotates == "week" else days
    return layout.crews[(shift + steps) % len(layout.crews)]
