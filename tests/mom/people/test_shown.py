"""What a plant's own records of persons and attendance let be shown, over which windows."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mom.errors import NotAllowed
from mom.facts import Window
from mom.figures import Figure
from mom.kpis.asked import scope_named
from mom.kpis.board import kpis
from mom.kpis.scope import WHOLE, Scope
from mom.people.over_time import Member
from mom.people.policy import memberships
from mom.store.plants import layout_of

MONDAY = datetime.fromisoformat("2026-03-01T23:00:00+00:00")  # in Vienna
DAY = timedelta(days=1)
PERSON = """INSERT INTO persons (site_id, source, key, name, crew, recorded)
    VALUES (%s, 'erp', %s, %s, %s, tstzrange(%s, %s))"""
THERE = """INSERT INTO personnel_times (site_id, source, key, kind, crew, people, equipment, started_at, ended_at)
    VALUES (%s, 'erp', %s, %s, %s, %s, 'works/line', %s, %s)"""


@pytest.fixture
async def staffed(works: Any) -> Any:
    """Two crews of six from the first of February on; on the second Tuesday of March one of crew A goes to crew B."""
    told, moved = MONDAY - 28 * DAY, MONDAY + 8 * DAY + timedelta(hours=9)
    for crew in "AB":
        for number in range(6):
            moves = (crew, number) == ("A", 0)
            row = [works.site_id, f"{crew}{number}", "Somebody"]
            await works.connection.execute(PERSON, [*row, crew, told, moved if moves else None])
            if moves:
                await works.connection.execute(PERSON, [*row, "B", moved, None])
    for day in range(12):
        for crew, hour in (("A", 6), ("B", 14)):
            start = MONDAY + day * DAY + timedelta(hours=hour)
            for kind, hours in (("attendance", 8), ("work", 6)):
                row = [works.site_id, f"{kind}{crew}{day}", kind, crew, 3, start, start + timedelta(hours=hours)]
                await works.connection.execute(THERE, row)
    return works


async def efficiency(works: Any, window: Window, scope: Scope = WHOLE) -> Figure:
    async with works.store.read() as session:
        found = await kpis(session, "line", window, MONDAY + 20 * DAY, scope)
    return next(figure for figure in found if figure.name == "worker_efficiency")


@pytest.mark.parametrize("crew", "AB")
async def test_a_crew_that_changed_by_one_is_shown_of_before_and_not_of_after(staffed: Any, crew: str) -> None:
    async with staffed.store.read() as session:
        layout = await layout_of(session, staffed.site_id)
        before, after = Window(MONDAY, MONDAY + 8 * DAY), Window(MONDAY + 9 * DAY, MONDAY + 12 * DAY)
        assert (await scope_named(session, layout, crew=crew, window=before)).crew == crew
        for window in (after, Window(before.start, after.end), None):
            until = r".*\(it is shown until 2026-03-10\)" if window else ""
            with pytest.raises(NotAllowed, match="since 2026-03-10: it differs by one person" + until):
                await scope_named(session, layout, crew=crew, window=window)


async def test_a_figure_of_people_is_told_of_days_and_not_of_a_small_crew(staffed: Any) -> None:
    tuesday = MONDAY + DAY
    day = await efficiency(staffed, Window(tuesday, tuesday + DAY))
    assert day.value == pytest.approx(6 / 8) and not day.missing
    early = Window(tuesday + timedelta(hours=6), tuesday + timedelta(hours=14))
    for window, scope in ((early, WHOLE), (Window(tuesday, tuesday + DAY), Scope(crew="A"))):
        withheld = await efficiency(staffed, window, scope)
        assert withheld.value is None and not withheld.more
    assert "ask from 2026-03-03 to 2026-03-04" in (await efficiency(staffed, early)).missing[0]


async def test_where_no_persons_are_on_record_a_figure_of_people_leads_back_to_nobody(staffed: Any) -> None:
    await staffed.connection.execute("DELETE FROM persons")
    early = Window(MONDAY + DAY + timedelta(hours=6), MONDAY + DAY + timedelta(hours=14))
    assert (await efficiency(staffed, early)).value == pytest.approx(6 / 8)


VERSION = """INSERT INTO persons (site_id, source, key, name, crew, valid, recorded)
    VALUES (%s, 'erp', 'ann', 'Ann', %s, tstzrange(%s, NULL), tstzrange(%s, %s))"""
LONG_AGO, MOVED, TOLD = (
    datetime.fromisoformat(f"{day}T00:00:00+01:00") for day in ("2025-01-01", "2026-03-10", "2026-03-12")
)


@pytest.mark.parametrize(
    ("versions", "was"),
    [
        ([("A", LONG_AGO), ("B", MOVED)], [("A", None, MOVED), ("B", MOVED, None)]),
        ([("A", LONG_AGO), ("B", LONG_AGO)], [("B", None, None)]),  # it was never A
        ([("A", LONG_AGO), ("B", MOVED), ("A", LONG_AGO)], [("A", None, None)]),  # nor did she move
        ([("A", LONG_AGO), (None, MOVED)], [("A", None, MOVED)]),
    ],
)
async def test_who_was_in_a_crew_before_the_day_from_which_she_is_in_another(
    works: Any, versions: Any, was: Any
) -> None:
    """The systems tell her anew, under one key, with the day from which it holds."""
    for number, (crew, since) in enumerate(versions):
        until = TOLD + (number + 1) * DAY if number + 1 < len(versions) else None
        await works.connection.execute(VERSION, [works.site_id, crew, since, TOLD + number * DAY, until])
    async with works.store.read() as session:
        found = await memberships(session, await layout_of(session, works.site_id))
    assert sorted(found, key=lambda m: m.crew) == [Member("ann", *one) for one in was]
