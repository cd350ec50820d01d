"""Over which windows a figure of people may be told: whole days, and so many together that enough people are in each.

Two windows that both may be told differ by whole blocks of days, and each block is of enough people; so no difference of
figures is of fewer. A line and the site that holds it are cut at the same ends, for the same reason.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from mom.facts import Window
from mom.history.calendar import days_of, merged

WEEK = 7
LEAST_THERE = 3600.0
"""Seconds: who was there for less does not hide the others."""
FORGOTTEN = timedelta(hours=16)
"""Who did not clock out by then forgot to."""


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody was there. `crew` empty: it is not told which; `place`: the line; `open`: nobody told the end yet."""

    start: datetime
    end: datetime
    crew: str
    people: float
    place: str
    open: bool = False

    @property
    def left(self) -> datetime:
        """Until when they hide the others. Figures count them to the `end`, so a window up to there is still guarded."""
        return min(self.end, self.start + FORGOTTEN) if self.open else self.end


def people_of(rows: Sequence[Attended], window: Window) -> float:
    """At least so many different people were there for `LEAST_THERE`: of each crew the most that were there at once. Who has
    no crew is one crew."""
    crews: dict[str, list[Attended]] = {}
    for row in rows:
        if window.overlap(row.start, row.left) >= LEAST_THERE:
            crews.setdefault(row.crew, []).append(row)
    return sum(_most(some) for some in crews.values())


def _most(rows: Sequence[Attended]) -> float:
    """The most that were there at once. Who comes as another leaves was not there with them."""
    there = most = 0.0
    moves = [*((row.start, row.people) for row in rows), *((row.left, -row.people) for row in rows)]
    for _, people in sorted(moves):  # of one moment those who leave are first: they are below zero
        there += people
        most = max(most, there)
    return most


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
        ends = {weeks[0][0].start}
        for week, there in zip(weeks, _by_week(mine, weeks), strict=True):
            found = blocks(there, week, least)
            ends |= {block.end for block, _ in found}
            weak += [block for block, people in found if people < least and _anybody(there, block)]
        cuts.append(ends)
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


def _by_week(rows: Sequence[Attended], weeks: Sequence[Sequence[Window]]) -> list[list[Attended]]:
    """The rows that touch each week: a year is not looked through for every day of it."""
    starts = [week[0].start for week in weeks]
    found: list[list[Attended]] = [[] for _ in weeks]
    for row in rows:
        first, after = max(0, bisect_right(starts, row.start) - 1), bisect_left(starts, row.end)
        for there in found[first:after]:
            there.append(row)
    return found


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
    cuts, few = sorted(ends), merged(weak)
    best = _inside(cuts, few, window) or _around(cuts, few, window)
    return f"ask from {_day(best.start, zone)} to {_day(best.end, zone)}" if best else "ask for whole weeks before"


def _inside(cuts: Sequence[datetime], few: Sequence[Window], window: Window) -> Window | None:
    best = start = None
    for first, last in pairwise(at for at in cuts if window.start <= at <= window.end):
        if _touched(few, first, last):
            start = None
            continue
        start = start or first
        if best is None or Window(start, last).seconds > best.seconds:
            best = Window(start, last)
    return best


def _around(cuts: Sequence[datetime], few: Sequence[Window], window: Window) -> Window | None:
    """The nearest ends: where there are few between them, so there are between others."""
    first, last = bisect_right(cuts, window.start) - 1, bisect_left(cuts, window.end)
    if first < 0 or last >= len(cuts) or _touched(few, cuts[first], cuts[last]):
        return None
    return Window(cuts[first], cuts[last])


def _touched(few: Sequence[Window], start: datetime, end: datetime) -> bool:
    """`few`: in order, apart."""
    at = bisect_right(few, start, key=lambda one: one.end)
    return at < len(few) and few[at].start < end


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"
