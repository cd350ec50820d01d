"""When hours are kept, when they are not used any more, and that nobody sees a stale one in between."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.rollups.keep import keep_hours, progress, refresh
from mom.rollups.read import elements_over
from mom.store.facts import scene_of
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
NOW = START + timedelta(hours=50)
WINDOW = Window(START, NOW)
FILLER = "works/line/filler"


@pytest.fixture
async def kept(works: Any) -> Any:
    """Two days: the filler runs 50 minutes of each hour, 40 pieces a minute; all hours are kept but the last ones."""
    readings: list[tuple[Any, ...]] = [("line.product", 0, 1), ("line.order", 0, 4711), ("packer.state", 0, 1)]
    for hour in range(50):
        at = 3600 * hour
        readings += [("filler.state", at, 1), ("filler.state", at + 3000, 2)]
        readings += [("filler.good", at + 60 * n, 2000 * hour + 40 * n) for n in range(1, 51)]
    await works.put(*readings, wakes=False)
    while await keep_up(works.store, NOW):
        pass
    while await keep_hours(works.store, NOW):
        pass
    return works


async def read(works: Any) -> tuple[Elements, Elements]:
    """(as asked for, from the rows)"""
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        asked = await elements_over(session, layout, [FILLER], WINDOW, NOW)
        scene = await scene_of(session, layout, WINDOW, NOW, only=[FILLER])
    return asked[FILLER], elements(scene.facts[FILLER])


async def number(works: Any, query: str) -> int:
    row = await (await works.connection.execute(query)).fetchone()
    return int(row[0])


async def test_hours_and_whole_days_are_kept(kept: Any) -> None:
    assert await number(kept, "SELECT count(*) FROM rollups WHERE hours = 24") > 0
    async with kept.store.read() as session:
        made, of = await progress(session, kept.site_id, NOW)
    assert made == of > 60
    asked, rows = await read(kept)
    assert asked.values == pytest.approx(dict(rows.values), rel=1e-9)
    assert asked.rows == dict(rows.rows) | {"counts": asked.rows["counts"]}


async def test_what_is_kept_is_what_is_read(kept: Any) -> None:
    """Else the tests of equality would prove nothing."""
    await kept.connection.execute("UPDATE rollups SET values[4] = values[4] + 1000")
    asked, rows = await read(kept)
    assert asked.values != pytest.approx(dict(rows.values), rel=1e-9)


async def test_a_change_that_is_not_committed_when_hours_are_made_anew(kept: Any) -> None:
    change = text("UPDATE counts SET good = good + 7, produced = produced + 7 WHERE id = (SELECT min(id) FROM counts)")
    async with kept.store.write() as writer:
        await writer.execute(change)
        async with kept.store.write.begin() as session:
            await refresh(session, kept.site_id, NOW)
        before = (await read(kept))[0].values["PQ"]
        await writer.commit()
    asked, rows = await read(kept)
    assert asked.values["PQ"] == rows.values["PQ"] == before + 7
    async with kept.store.write.begin() as session:
        assert (await refresh(session, kept.site_id, NOW)).made > 0
    assert (await read(kept))[0].values["PQ"] == before + 7
    assert await number(kept, "SELECT count(*) FROM rollup_marks") == 0


async def test_another_rate_in_the_plant_file_is_used_at_once(kept: Any) -> None:
    async with kept.store.write.begin() as session:
        file = await session.scalar(text("SELECT plant FROM sites"))
        products = [{**one, "rates": {"line": 90}} if one["id"] == "A" else one for one in file["products"]]
        slow = {"calendar": {"shifts": [{"name": "all", "start": "00:00", "end": "00:00"}]}, "products": products}
        await apply_plant(session, Plant.model_validate({**file, **slow}))
    asked, rows = await read(kept)
    assert asked.values == pytest.approx(dict(rows.values), rel=1e-9)
    async with kept.store.read() as session:
        made, of = await progress(session, kept.site_id, NOW)
    assert made < of, "they are to be made anew"
    while await keep_hours(kept.store, NOW):
        pass
    asked, rows = await read(kept)
    assert asked.values == pytest.approx(dict(rows.values), rel=1e-9)
    assert await number(kept, "SELECT count(DISTINCT equipment_id) - count(*) FROM rollup_bases") == 0


async def test_a_stop_that_turns_out_longer_changes_each_hour_it_touches(kept: Any) -> None:
    fifth = "SELECT * FROM stops WHERE superseded_at IS NULL ORDER BY started_at OFFSET 5 LIMIT 1"
    swallowed = f"""DELETE FROM stops s USING ({fifth}) f
        WHERE s.started_at > f.started_at AND s.started_at < f.started_at + interval '200 minutes'"""
    longer = f"""UPDATE stops s SET ended_at = s.ended_at + interval '190 minutes' FROM ({fifth}) f WHERE s.id = f.id"""
    async with kept.store.write.begin() as session:
        await session.execute(text(swallowed))
        await session.execute(text(longer))
    for _ in range(2):
        asked, rows = await read(kept)
        assert asked.values == pytest.approx(dict(rows.values), rel=1e-9)
        async with kept.store.write.begin() as session:
            await refresh(session, kept.site_id, NOW)
