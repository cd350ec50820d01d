"""Facts as rules get them: which machines nothing of the line comes before or behind."""

from datetime import datetime, timedelta
from typing import Any

from mom.facts import Window
from mom.losses.gathered import gathered
from mom.store.facts import scene_of
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")


async def test_all_machines_side_by_side_at_an_end_of_the_line_stand_at_its_end(
    make_works: Any, plant_file: Any
) -> None:
    line, press = plant_file["equipment"]
    filler, packer = line["units"]
    units = [
        {**filler, "stage": 1},
        {"id": "filler-2", "name": "Filler 2", "level": "work_unit", "ideal_rate": 60, "stage": 1},
        {**packer, "stage": 2},
        {"id": "packer-2", "name": "Packer 2", "level": "work_unit", "ideal_rate": 80, "stage": 2},
    ]
    works = await make_works([("equipment", [{**line, "units": units}, press])])
    now = START + timedelta(hours=1)
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        scene = await scene_of(session, layout, Window(START, now), now)
        facts = await gathered(session, scene, [unit.path for unit in layout.units("works/line")], measures=False)
    assert [one.machine.name for one in facts.values() if one.is_first] == ["Filler", "Filler 2"]
    assert [one.machine.name for one in facts.values() if one.is_last] == ["Packer", "Packer 2"]
