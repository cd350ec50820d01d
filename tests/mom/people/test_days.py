"""Figures of people over time: whatever windows and places are asked for, no difference of answers is of a few."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from time import process_time
from zoneinfo import ZoneInfo

from mom.facts import Window
from mom.people.days import Attended, blocks, people_of, weeks_of, withheld

VIENNA = ZoneInfo("Europe/Vienna")
MONDAY = datetime(2026, 3, 22, 23, tzinfo=UTC)
"""In Vienna; the week after it is the one in which the clocks change."""
HOUR = timedelta(hours=1)


def shift(day: int, hour: int, crew: str, people: float, place: str = "line") -> Attended:
    start = MONDAY + timedelta(days=day, hours=hour)
    return Attended(start, start + 8 * HOUR, crew, people, place)


def days(first: int, last: int) -> Window:
    monday = datetime(2026, 3, 23, tzinfo=VIENNA)  # in local time days are of any length
    return Window(*((monday + timedelta(days=n)).astimezone(UTC) for n in (first, last)))


def test_three_small_crews_of_a_day_are_told_together_only() -> None:
    rows = [shift(day, hour, crew, 2) for day in range(5) for hour, crew in ((6, "A"), (14, "B"), (15, "C"))]
    assert withheld(rows, days(1, 2), VIENNA, 5) is None
    assert withheld(rows, days(0, 7), VIENNA, 5) is None
    early = Window(MONDAY + 6 * HOUR, MONDAY + 14 * HOUR)
    assert withheld(rows, early, VIENNA, 5) == (
        "figures of people are of whole days with at least 5 people: ask from 2026-03-23 to 2026-03-24"
    )


def test_a_week_of_one_small_crew_is_not_told_whatever_is_asked_around_it() -> None:
    rows = [shift(day, 6, "A", 6) for day in range(5)] + [shift(day + 7, 6, "B", 3) for day in range(5)]
    assert withheld(rows, days(0, 7), VIENNA, 5) is None
    for asked in (days(7, 14), days(0, 14), days(8, 9)):
        assert "in the week from 2026-03-30 there are fewer" in (withheld(rows, asked, VIENNA, 5) or "")
    assert "ask from 2026-03-23 to 2026-03-30" in (withheld(rows, days(0, 14), VIENNA, 5) or "")


def test_who_only_looked_in_hides_nobody() -> None:
    start = MONDAY + 6 * HOUR
    visitors = [Attended(start, start + HOUR / 2, f"V{n}", 1, "line") for n in range(9)]
    assert people_of([shift(0, 6, "A", 3), *visitors], days(0, 1)) == 3


def test_the_same_people_on_two_shifts_are_not_twice_as_many() -> None:
    assert people_of([shift(0, 6, "A", 3), shift(0, 14, "A", 3)], days(0, 1)) == 3
    assert people_of([shift(0, 6, "", 3), shift(0, 14, "", 3)], days(0, 1)) == 3


def test_who_forgot_to_clock_out_hides_nobody_the_days_after() -> None:
    rows = [shift(day, 6, "A", 4) for day in range(3)]
    forgot = Attended(MONDAY + 6 * HOUR, MONDAY + timedelta(days=60), "B", 1, "line", open=True)
    assert people_of([*rows, forgot], days(0, 1)) == 5
    assert people_of([*rows, forgot], days(1, 2)) == 4
    assert withheld([forgot], days(7, 14), VIENNA, 5), "the figure of that week is of nobody but them"


def test_a_year_of_a_busy_line_is_soon_told() -> None:
    rows = [shift(day, hour, "", 2) for day in range(364) for hour in (5, 6, 7, 14, 15, 16) * 5]
    few = [shift(day, 6, "A", 1, "other") for day in range(0, 364, 2)]
    began = process_time()
    assert "ask" in (withheld([*rows, *few], days(1, 363), VIENNA, 5) or "")
    assert process_time() - began < 1


def test_weeks_are_whole_where_the_clocks_change() -> None:
    (week,) = weeks_of(VIENNA, days(5, 6))
    assert len(week) == 7 and (week[-1].end - week[-1].start) == 23 * HOUR


def drawn(draw: random.Random) -> list[Attended]:
    """Three weeks of two lines; some days nobody, some a single small crew."""
    size = {(crew, place): draw.choice((1, 2, 3, 6)) for crew in "ABC" for place in ("one", "two")}
    return [
        Attended(start := MONDAY + timedelta(days=day, hours=hour), start + 8 * HOUR, crew, size[crew, place], place)
        for day in range(21)
        for place in ("one", "two")
        for hour, crew in ((6, "A"), (14, "B"), (22, "C"))
        if draw.random() < (0.7 if day % 7 < 5 else 0.2)
    ]


def answered(rows: list[Attended]) -> Iterator[Window]:
    moments = [*(days(n, n + 1).start for n in range(22)), *(MONDAY + 6 * HOUR + n * 8 * HOUR for n in range(0, 62, 7))]
    for start, end in combinations(sorted(moments), 2):
        if withheld(rows, Window(start, end), VIENNA, 5) is None:
            yield Window(start, end)


def test_an_adversary_with_every_answer_learns_of_no_few() -> None:
    """What is answered is cut at ends between which are enough people, at each line and at the site that holds both: so
    is every difference, of times and of places."""
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    draw = random.Random(seed)
    told = 0
    for _ in range(8):
        rows = drawn(draw)
        lines = {place: [row for row in rows if row.place == place] for place in ("one", "two")}
        site, each = list(answered(rows)), {place: list(answered(mine)) for place, mine in lines.items()}
        told += len(site)
        for place, mine in lines.items():
            windows = [*each[place], *site]  # what the site tells, less the other line, is this line's
            cuts = sorted({end for one in windows for end in (one.start, one.end)})
            for first, last in pairwise(cuts):
                inside = any(one.start <= first and last <= one.end for one in windows)
                few = people_of(mine, Window(first, last))
                assert not inside or few >= 5 or not _hours(mine, Window(first, last)), f"seed {seed}"
    assert told > 10


def _hours(rows: list[Attended], window: Window) -> float:
    return sum(row.people * window.overlap(row.start, row.end) for row in rows)


def test_blocks_are_the_fewest_days_with_enough_people() -> None:
    rows = [shift(0, 6, "A", 6), shift(1, 6, "A", 2), shift(2, 6, "B", 3), shift(4, 6, "C", 1)]
    (week,) = weeks_of(VIENNA, days(0, 7))
    spans = [((b.start - MONDAY).days, (b.end - MONDAY).days) for b, _ in blocks(rows, week, 5)]
    assert spans == [(0, 1), (1, 6)]  # the last day is of 23 hours
