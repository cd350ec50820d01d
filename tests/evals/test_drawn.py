"""A drawn plant in a real store: its file is valid, what was told is there."""

import time

from sqlalchemy import func, select

from evals.drawn import build_drawn, check_drawn
from mom.models import CounterEvent, Loss, MaterialLot, Person, ProductionOrder, StateInterval, Stop
from mom.settings import Settings
from mom.store.plants import layout_of
from simulator.drawn.plant import DrawnPlant

SEED = 10  # two lines, three machines side by side or shared among them


def test_the_file_of_every_plant_is_valid(tmp_path):
    for seed in range(0, 200, 9):
        plant = DrawnPlant(seed, 1.0)
        checked = check_drawn(plant, tmp_path)
        tags = {tag.id for block in checked.connectors for tag in block.tags}
        signals = {t["cause"]["tag"] for t in plant.truth() if t["cause"]["tag"]}
        assert signals <= tags, seed


async def test_a_plant_comes_into_the_store_as_it_was(database, tmp_path):
    began = time.perf_counter()
    plant = DrawnPlant(SEED, 1.0)
    built = await build_drawn(database, Settings(), plant, tmp_path)
    print(f"loaded in {time.perf_counter() - began:.1f} s")
    async with database.read() as session:
        layout = await layout_of(session, built.site_id)
        count = {
            model.__name__: await session.scalar(select(func.count()).where(model.site_id == built.site_id))
            for model in (Loss, MaterialLot, Person, ProductionOrder, StateInterval, Stop)
        }
        found = await session.execute(select(Loss.id, Loss.rule).where(Loss.site_id == built.site_id))
        rule_of = {row.id: row.rule for row in found}
        strange = await session.scalar(select(func.count()).where(CounterEvent.site_id == built.site_id))
        stops = await session.scalar(
            select(func.count()).where(Stop.site_id == built.site_id, Stop.superseded_at.is_(None))
        )
    assert min(count.values()) > 0, count
    waking = {rule_of[loss] for loss in built.alerts}
    assert waking and "minor_stops" not in waking, "short stops wake nobody"
    assert strange == 0
    assert abs(stops - len({(s.strike.unit, s.start) for s in plant.lived.stops})) <= 0.05 * stops
    for line in plant.layout.lines:
        stages = layout.stages(f"{plant.file['site']['id']}/{line.path}")
        assert [[m.path.partition("/")[2] for m in stage] for stage in stages] == [
            [unit.path for unit in stage] for stage in line.stages
        ]
