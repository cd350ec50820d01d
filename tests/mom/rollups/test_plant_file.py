"""A plant file that changes: hours are made anew where it touches them, and stay where it does not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.elements import elements
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.rollups.basis import kept_paths
from mom.rollups.keep import keep_hours, progress, refresh
from mom.rollups.read import elements_over
from mom.store.facts import scene_of
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
NOW = START + timedelta(hours=60)
ALL_DAY = {"shifts": [{"name": "all", "start": "00:00", "end": "00:00"}]}


@pytest.fixture
async def kept(works: Any) -> Any:
    """Two and a half days: the filler makes product A and throws some out; the packer runs; the press makes nothing."""
    readings: list[tuple[Any, ...]] = [("line.product", 0, 1), ("line.order", 0, 4711), ("packer.state", 0, 1)]
    for hour in range(60):
        at = 3600 * hour
        readings += [("filler.state", at, 1), ("filler.state", at + 3000, 2), ("packer.state", at + 5, 1)]
        readings += [("packer.state", at + 1800, 2)]
        readings += [("filler.good", at + 600 * n, 200 * hour + 40 * n) for n in range(1, 6)]
        readings += [("filler.scrap", at + 600 * n, 20 * hour + 4 * n) for n in range(1, 6)]
    await works.put(*readings, wakes=False)
    while await keep_up(works.store, NOW):
        pass
    await make_all(works)
    return works


async def make_all(works: Any) -> None:
    while await keep_hours(works.store, NOW):
        pass


async def change(works: Any, **blocks: Any) -> None:
    async with works.store.write.begin() as session:
        file = await session.scalar(text("SELECT plant FROM sites"))
        await apply_plant(session, Plant.model_validate({**file, **blocks}))


async def file_of(works: Any) -> dict[str, Any]:
    async with works.store.read() as session:
        found: dict[str, Any] = await session.scalar(text("SELECT plant FROM sites"))
        return found


async def to_be_made(works: Any) -> int:
    """Hours that are not used any more; what is read is what the rows say all the same."""
    window = Window(START, NOW)
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        paths = kept_paths(layout)
        asked = await elements_over(session, layout, paths, window, NOW)
        scene = await scene_of(session, layout, window, NOW, only=paths)
        for path in paths:
            rows = elements(scene.facts[path])
            assert asked[path].values == pytest.approx(dict(rows.values), rel=1e-9), path
            assert dict(asked[path].missing) == dict(rows.missing), path
        made, of = await progress(session, works.site_id, NOW)
    return of - made


async def test_what_no_hour_was_made_by_leaves_them_all(kept: Any) -> None:
    assert await to_be_made(kept) == 0
    file = await file_of(kept)
    more = {"id": "C", "name": "Product C", "code": 3, "rates": {"line": 10}, "margin": 2, "material_cost": 9}
    dearer = [{**one, "material_cost": 7} if one["id"] == "B" else one for one in file["products"]]
    await change(kept, products=[*dearer, more])
    assert await to_be_made(kept) == 0, "neither B nor C was ever made"
    await change(kept, set_ups=[{"line": "line", "standard": "10min"}])
    assert await to_be_made(kept) == 0, "what a change-over may take is no element"
    holiday = {"date": "2026-03-25", "shifts": [], "reason": "holiday"}
    await change(kept, calendar={**file["calendar"], "exceptions": [holiday]})
    assert await to_be_made(kept) == 0, "that day is yet to come"


@pytest.mark.parametrize(
    "touched",
    [
        {"products": "material_cost"},
        {"products": "rates"},
        {"calendar": "exceptions"},
        {"calendar": "shifts"},
        {"costs": "line_hour"},
    ],
    ids=lambda touched: ".".join(*touched.items()),
)
async def test_what_hours_were_made_by_makes_them_anew(kept: Any, touched: dict[str, str]) -> None:
    file = await file_of(kept)
    product = {"material_cost": {"material_cost": 0.9}, "rates": {"rates": {"line": 90}}}
    closed = {"date": "2026-03-03", "shifts": [], "reason": "holiday"}
    calendar = {"exceptions": {**file["calendar"], "exceptions": [closed]}, "shifts": ALL_DAY}
    match touched:
        case {"products": what}:
            blocks = {"products": [{**p, **product[what]} if p["id"] == "A" else p for p in file["products"]]}
        case {"calendar": what}:
            blocks = {"calendar": calendar[what]}
        case _:
            blocks = {"costs": {"line_hour": {"line": 120}}}
    await change(kept, **blocks)
    assert await to_be_made(kept) > 0
    await make_all(kept)
    assert await to_be_made(kept) == 0


async def test_a_machine_of_its_own_is_left_alone(kept: Any) -> None:
    """The filler's rate is nothing to the packer: its hours stay."""
    file = await file_of(kept)
    line, press = file["equipment"]
    units = [{**unit, "ideal_rate": 70} if unit["id"] == "filler" else unit for unit in line["units"]]
    await change(kept, equipment=[{**line, "units": units}, press])
    packer = kept.equipment("line/packer")
    before = await bases(kept)
    await make_all(kept)
    after = await bases(kept)
    assert before[packer] == after[packer]
    assert before[kept.equipment("line/filler")] != after[kept.equipment("line/filler")]
    assert await to_be_made(kept) == 0


async def bases(works: Any) -> dict[int, int]:
    rows = await (await works.connection.execute("SELECT equipment_id, id FROM rollup_bases")).fetchall()
    return dict(rows)


async def test_a_product_that_is_first_made_in_a_late_hour_is_known_from_then_on(kept: Any) -> None:
    await kept.connection.execute(
        "UPDATE counts SET product = 'B' WHERE id = (SELECT min(id) FROM counts WHERE scrap > 0)"
    )
    async with kept.store.write.begin() as session:
        assert (await refresh(session, kept.site_id, NOW)).made > 0
    assert await to_be_made(kept) == 0
    file = await file_of(kept)
    dearer = [{**one, "material_cost": 7} if one["id"] == "B" else one for one in file["products"]]
    await change(kept, products=dearer)
    assert await to_be_made(kept) > 0
