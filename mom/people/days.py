"""Over which windows a figure of people may be told: whole days, and so many together that enough people are in each.

Two windows that both may be told differ by whole blocks of days, and each block is of enough people; so no difference of
figures is of fewer. A line and the site that holds it are cut at the same ends, for the same reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mom.facts import Window
from mom.history.calendar import days_of

WEEK = 7
LEAST_THERE = 3600.0
"""Seconds: who was there for less does not hide the others."""


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody was there. `crew` empty: it is not told which; `place`: the line."""

    start: datetime
    end: datetime
    crew: str
    people: float
    place: str


def people_of(rows: Sequence[Attended], window: Window) -> float:
    """At least so many different people were there for `LEAST_THERE`: of each crew the most that were there at once. Who has
    no crew is one crew."""
    crews: dict[str, list[Attended]] = {}
    for row in rows:
        if window.overlap(row.start, row.end) >= LEAST_THERE:
            crews.setdefault(row.crew, []).append(row)
    return sum(max(_at(some, row.start) for row in some) for some in crews.values())


def _at(rows: Sequence[Attended], at: datetime) -> float:
    return sum(row.people for row in rows if row.start <= at < row.end)


def blocks(rows: Sequence[Attended], days: Sequence[Window], least: int) -> list[tuple[Window, float]]:
    """The days of one week as the fewest days with enough people each, and how many are in each; what is left over goes
    to the last. One block of fewer people: the week has no more."""
    found: list[Window] = []
    start = days[0].start
    for day in days:
        if people_of(rows, Window(start, day.end)) >= least:
            found.append(Window(start, day.end))
            start = day.end
    if start < days[-1].end:
        found.append(Window(found.pop().start if found else start, days[-1].end))
    return [(block, people_of(rows, block)) for block in found]


def withheld(rows: Sequence[Attended], window: Window, zone: ZoneInfo, least: int) -> str | None:
    """Why the figure of the people in `rows` (of the whole weeks that the window touches) is not told; None: it is."""
    places: dict[str, list[Attended]] = {}
    for row in rows:
        places.setdefault(row.place, []).append(row)
    weeks, cuts, weak = weeks_of(zone, window), [], list[Window]()
    for mine in places.values():
        found = [block for week in weeks for block in blocks(mine, week, least)]
        cuts.append({end for block, _ in found for end in (block.start, block.end)})
        weak += [block for block, people in found if people < least and _anybody(mine, block)]
    if not places:
        return None
    ends = set.intersection(*cuts)
    touched = [block for block in weak if window.overlap(block.start, block.end)]
    if {window.start, window.end} <= ends and not touched:
        return None
    few = f"; in the week from {_day(touched[0].start, zone)} there are fewer" if touched else ""
    return (
        f"figures of people are of whole days with at least {least} people{few}: {_instead(ends, weak, window, zone)}"
    )


def _anybody(rows: Sequence[Attended], block: Window) -> bool:
    return any(block.overlap(row.start, row.end) > 0 for row in rows)


def weeks_of(zone: ZoneInfo, window: Window) -> list[list[Window]]:
    """The whole weeks, Monday to Sunday, that the window touches, each as its days."""
    first, last = (at.astimezone(zone).date() for at in (window.start, window.end - timedelta(microseconds=1)))
    monday = first - timedelta(days=first.weekday())
    sunday = last + timedelta(days=WEEK - 1 - last.weekday())
    noon = [datetime(day.year, day.month, day.day, 12, tzinfo=zone) for day in (monday, sunday)]
    days = days_of(zone, Window(*noon))
    return [days[n : n + WEEK] for n in range(0, len(days), WEEK)]


def _instead(ends: set[datetime], weak: Sequence[Window], window: Window, zone: ZoneInfo) -> str:
    """The longest window within that may be told, else the shortest around."""
    fit = [
        Window(first, last)
        for first in sorted(ends)
        for last in sorted(ends)
        if first < last and not any(block.overlap(first, last) > 0 for block in weak)
    ]
    inside = [one for one in fit if window.start <= one.start and one.end <= window.end]
    around = [one for one in fit if one.start <= window.start and window.end <= one.end]
    best = max(inside, key=lambda w: w.seconds, default=None) or min(around, key=lambda w: w.seconds, default=None)
    return f"ask from {_day(best.start, zone)} to {_day(best.end, zone)}" if best else "ask for whole weeks before"


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"
