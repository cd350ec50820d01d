"""Whole weeks are one row each, and four of them: figures of months read few, and a late change in the middle is seen."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.elements import elements
from mom.rollups.keep import keep_hours, refresh
from mom.rollups.piece import STEPS
from mom.rollups.read import _cuts, elements_over
from mom.store.facts import scene_of
from mom.store.plants import layout_of

AFTER = 14
"""Days after what the readings' seconds are told from: the first of four weeks that are kept as one."""
START = datetime.fromisoformat("2026-03-02T06:00:00+00:00") + timedelta(days=AFTER)
DAYS = 31
NOW = START + timedelta(days=DAYS)
FILLER = "works/line/filler"
WEEKS = "SELECT count(*) FROM rollups WHERE hours >= 168"


@pytest.fixture
async def kept(works: Any) -> Any:
    """A month from a Monday: the filler runs and stands by turns, 40 pieces in each of its first six hours."""
    readings: list[tuple[Any, ...]] = [("line.product", AFTER * 86400, 1), ("line.order", AFTER * 86400, 4711)]
    for turn in range(DAYS * 2):
        at = AFTER * 86400 + 12 * 3600 * turn
        readings += [("filler.state", at, 1), ("filler.state", at + 5 * 3600 + turn, 2)]
        readings += [("filler.good", at + 3600 * n, 240 * turn + 40 * n) for n in range(6)]
    await works.put(*readings, wakes=False)
    while await keep_up(works.store, NOW):
        pass
    while await keep_hours(works.store, NOW):
        pass
    return works


async def check(works: Any) -> None:
    for start, end in ((0.0, float(DAYS)), (1.3, 30.9), (-1.0, 29.75)):
        window = Window(START + timedelta(days=start), START + timedelta(days=end))
        async with works.store.read() as session:
            layout = await layout_of(session, works.site_id)
            asked = (await elements_over(session, layout, [FILLER], window, NOW))[FILLER]
            scene = await scene_of(session, layout, window, NOW, only=[FILLER])
        rows = elements(scene.facts[FILLER])
        assert asked.values == pytest.approx(dict(rows.values), rel=1e-9)
        assert (asked.seconds, asked.missing, asked.notes) == (rows.seconds, rows.missing, rows.notes)
        assert (asked.seen, asked.uncounted) == pytest.approx((rows.seen, rows.uncounted), rel=1e-9)


async def number(works: Any, query: str) -> int:
    row = await (await works.connection.execute(query)).fetchone()
    return int(row[0])


async def test_a_late_change_in_a_week(kept: Any) -> None:
    weeks = await number(kept, WEEKS)
    assert weeks >= 5, "of the filler at least"
    assert await number(kept, f"{WEEKS} AND hours = 4 * 168") > 0
    await check(kept)
    midweek = "(SELECT id FROM counts WHERE good > 0 AND started_at > '2026-03-25' ORDER BY started_at LIMIT 1)"
    late = f"UPDATE counts SET good = good + 7, produced = produced + 7 WHERE id = {midweek}"
    assert (await kept.connection.execute(late)).rowcount > 0
    await check(kept)
    async with kept.store.write.begin() as session:
        assert (await refresh(session, kept.site_id, NOW)).made > 0
    assert await number(kept, "SELECT count(*) FROM rollup_marks") == 0
    assert await number(kept, WEEKS) == weeks
    await check(kept)


async def test_a_week_is_what_is_read(kept: Any) -> None:
    """Else the test above would prove nothing."""
    await kept.connection.execute("UPDATE rollups SET values[4] = values[4] + 1000 WHERE hours >= 168")
    with pytest.raises(AssertionError):
        await check(kept)


async def test_a_week_of_which_hours_are_forgotten_is_forgotten(kept: Any) -> None:
    """A stop that lasts after all takes back what was made since it began."""
    weeks = await number(kept, WEEKS)
    async with kept.store.write.begin() as session:
        last = "(SELECT id FROM state_intervals WHERE started_at < '2026-03-26' ORDER BY started_at DESC LIMIT 1)"
        await session.execute(text("DELETE FROM stops WHERE started_at >= '2026-03-25'"))
        await session.execute(text("DELETE FROM state_intervals WHERE started_at >= '2026-03-26'"))
        await session.execute(text(f"UPDATE state_intervals SET ended_at = NULL WHERE id = {last}"))
        await refresh(session, kept.site_id, NOW)
    assert await number(kept, WEEKS) < weeks
    await check(kept)


def test_a_window_is_cut_into_weeks_days_and_hours_without_a_rest() -> None:
    for start in range(0, 24 * 9, 5):
        for length in (1, 7, 24, 30, 24 * 6, 24 * 7, 24 * 16, 24 * 90 + 3):
            window = Window(START + timedelta(hours=start), START + timedelta(hours=start + length))
            cuts = sorted(_cuts(window, STEPS[::-1]), key=lambda cut: cut[1].start)
            assert cuts[0][1].start == window.start and cuts[-1][1].end == window.end
            assert all(a[1].end == b[1].start for a, b in pairwise(cuts))
            assert all((cut.end - cut.start) % timedelta(hours=hours) == timedelta(0) for hours, cut in cuts)
            assert len(cuts) <= 7, "two edges, each of weeks, days and hours, and what is between them"
