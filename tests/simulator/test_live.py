"""The plant in real time, with a clock in the test's hand: fresh trouble, repair, and being taken up again."""

import asyncio
import contextlib

import pytest

from simulator.live import FRESH_JAM, Live, take_up
from simulator.plant.plant import Plant

CAPPER = "line-2/capper"


async def test_the_capper_of_line_2_jams_soon_and_its_line_stands(plant_file, clock):
    live = Live(Plant(7, 2, now=clock(), plant=plant_file), clock=clock)
    await live.start()
    try:
        live._plan_fresh()
        clock.move(FRESH_JAM + 1)
        await live.look()
        shown = live.plant.readings.now()
        assert (shown["L2.capper.state"], shown["L2.capper.alarm"], shown["L2.capper.reason"]) == (11, 113, 13)
        clock.move(60)
        await live.look()
        shown = live.plant.readings.now()
        assert shown["L2.filler.state"] != 6
        assert shown["L2.capper.state"] == 11
        assert not live.plant.site.machines["line-1/capper"].stops, "line 1 has nothing to do with it"
    finally:
        await live.field.stop()


async def test_an_ordered_repair_really_mends_the_machine(plant_file, clock):
    live = Live(Plant(7, 2, now=clock(), plant=plant_file), clock=clock)
    await live.start()
    try:
        chuck = live.plant.troubles["capper_chuck"]
        capper = live.plant.site.machines[CAPPER]
        assert chuck.active
        assert capper.worse["torque"] > 0
        work = asyncio.create_task(live.repair(CAPPER, "cap hopper", "Clean it", "", seconds=5))
        await asyncio.sleep(0)
        clock.move(6)
        await live.look()
        await asyncio.wait_for(work, 5)
        assert chuck.active, "work on another part mends nothing"
        work = asyncio.create_task(live.repair(CAPPER, "chuck", "Replace the chuck", "", seconds=30))
        await asyncio.sleep(0)
        clock.move(10)
        await live.look()
        assert live.plant.readings.now()["L2.capper.state"] == 2
        assert live.plant.readings.now()["L2.capper.reason"] == 41
        clock.move(25)
        await live.look()
        await asyncio.wait_for(work, 5)
        assert not chuck.active
        assert "torque" not in capper.worse
        assert live.plant.site.recorder.level_now(CAPPER, "torque") == 1.80
        assert live.plant.site.maintenance.orders[-1].title == "Replace the chuck"
    finally:
        await live.field.stop()


async def test_a_plant_taken_up_again_stands_where_it_stood(plant_file, clock, tmp_path):
    state = tmp_path / "state.json"
    live = Live(Plant(7, 1, now=clock(), plant=plant_file), state, clock)
    await live.start()
    live._plan_fresh()
    clock.move(45)
    await live.look()
    work = asyncio.create_task(live.repair(CAPPER, "chuck", "Replace the chuck", "", seconds=30))
    await asyncio.sleep(0)
    clock.move(900)
    await live.look()
    await live.field.stop()
    with contextlib.suppress(asyncio.CancelledError):
        work.cancel()
        await work
    taken = take_up(state, plant_file, clock)
    assert taken is not None
    again = taken.plant
    again.advance(clock())
    for path, machine in live.plant.site.machines.items():
        other = again.site.machines[path]
        assert machine.state == other.state, path
        assert [machine.fed, *machine.scrapped] == pytest.approx([other.fed, *other.scrapped], rel=1e-9), path
    assert not again.troubles["capper_chuck"].active


def test_nothing_to_take_up(tmp_path, plant_file):
    assert take_up(tmp_path / "none.json", plant_file) is None
