"""A process leaves its limits: one nonconformance, the lots that it touches, nothing when it is looked at again."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from mom.database.access import Store
from mom.facts import Window
from mom.models import Equipment, Event, InspectionResult, MaterialLot, Nonconformance, Run, StockMove
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.quality.charted import charted
from mom.quality.drawing import control_block
from mom.quality.extent import extent_of
from mom.quality.touched import touched
from mom.quality.watch import Watch, open_new
from mom.quality.watched import episodes
from mom.store.plants import layout_of
from mom.store.quality import moves_to

EVERY = timedelta(hours=2)
SEED = 11


def result(site: int, number: int, value: float, at: datetime, **more: object) -> InspectionResult:
    return InspectionResult(
        site_id=site, source="lims", key=f"LAB-{number:04d}", equipment="line/capper", product="A", order="7",
        characteristic="opening torque", value=value, unit="Nm", low=1.1, high=1.8, passed=1.1 <= value <= 1.8, at=at, **more,
    )  # fmt: skip


@pytest.fixture
async def site(database: Store, now: datetime, plant: dict[str, Any]) -> int:
    """80 results about 1.47, the last ten about 1.25: a chuck that slips. Caps came in lots; two orders were run."""
    draw = np.random.default_rng(SEED)
    print(f"seed {SEED}")
    async with database.write.begin() as session:
        site_id = (await apply_plant(session, Plant.model_validate(plant))).site_id
        for n in range(80):
            level = 1.25 if n >= 70 else 1.47
            session.add(result(site_id, n, round(float(draw.normal(level, 0.04)), 2), now - (80 - n) * EVERY))
        for n, (lot, ago) in enumerate((("CA-1", 120), ("CA-2", 30), ("CA-3", 12), ("LB-1", 200))):
            session.add(
                MaterialLot(site_id=site_id, source="wms", key=lot, material="caps" if lot[0] == "C" else "labels")
            )
            to = "line/capper" if lot[0] == "C" else "line/filler"
            move = StockMove(site_id=site_id, source="wms", key=f"M{n}", lot=lot, material="caps" if lot[0] == "C" else "labels",
                             quantity=1000, to_equipment=to, at=now - timedelta(hours=ago))  # fmt: skip
            session.add(move)
        line = await session.scalar(select(Equipment.id).where(Equipment.path == "works/line"))
        for order, ago, until in (("6", 60, 25), ("7", 15, None)):
            ended = None if until is None else now - timedelta(hours=until)
            session.add(
                Run(
                    site_id=site_id,
                    equipment_id=line,
                    order=order,
                    product="A",
                    started_at=now - timedelta(hours=ago),
                    ended_at=ended,
                )
            )
    return site_id


async def rows(database: Store) -> list[Nonconformance]:
    async with database.read() as session:
        return list(await session.scalars(select(Nonconformance)))


async def test_one_nonconformance_once(database: Store, site: int, now: datetime) -> None:
    watch = Watch()
    assert await watch.step(database, now) and not await watch.step(database, now)
    assert await Watch().step(database, now)  # another process looks too
    found = await rows(database)
    assert len(found) == 1 and found[0].status == "open" and found[0].equipment == "works/line/capper"
    assert "Opening torque at Capper is out of control" in found[0].text
    assert now - 10 * EVERY <= found[0].at <= now - 6 * EVERY
    async with database.read() as session:
        told = list(await session.scalars(select(Event).where(Event.kind == "nonconformance.opened")))
    assert [event.subject for event in told] == [f"nonconformance:{found[0].id}"]


async def test_late_results_do_not_open_it_again(database: Store, site: int, now: datetime) -> None:
    async with database.write.begin() as session:
        assert len(await open_new(session, site, now)) == 1
        session.add(result(site, 200, 1.20, now - 10 * EVERY + timedelta(minutes=5)))  # now the first that signals
        session.add(result(site, 201, 1.22, now - timedelta(minutes=1)))
    async with database.write.begin() as session:
        assert await open_new(session, site, now) == []


async def test_a_quiet_process_opens_nothing(database: Store, site: int, now: datetime) -> None:
    async with database.write.begin() as session:
        for row in await session.scalars(select(InspectionResult).where(InspectionResult.at >= now - 10 * EVERY)):
            row.value = 1.47
        assert await open_new(session, site, now) == []


async def test_lots_from_the_last_good_result_on(database: Store, site: int, now: datetime) -> None:
    async with database.write.begin() as session:
        (number,) = await open_new(session, site, now)
    async with database.read() as session:
        layout = await layout_of(session, site)
        row = await session.get(Nonconformance, number)
        assert row
        window, over = await extent_of(session, layout, row, now)
        found = await touched(session, layout, "works/line/capper", window, now)
    assert not over and window.end == now and now - 12 * EVERY <= window.start <= now - 10 * EVERY
    assert [lot.lot for lot in found.material if lot.here] == ["CA-2", "CA-3"]  # CA-1 was used up before
    assert [lot.lot for lot in found.material if not lot.here] == ["LB-1"]
    assert [order.order for order in found.orders] == ["7"]


async def test_of_the_moves_before_a_window_only_what_is_still_on_is_read(
    database: Store, site: int, now: datetime
) -> None:
    async with database.read() as session:
        layout = await layout_of(session, site)
        window = Window(now - timedelta(hours=20), now - timedelta(hours=10))
        found = await moves_to(session, layout, ["works/line/filler", "works/line/capper"], window)
    assert [(move.lot, move.equipment) for move in found] == [
        ("LB-1", "works/line/filler"), ("CA-2", "works/line/capper"), ("CA-3", "works/line/capper"),
    ]  # fmt: skip


async def test_the_chart_as_a_block(database: Store, site: int, now: datetime) -> None:
    async with database.read() as session:
        layout = await layout_of(session, site)
        one, *_ = await charted(session, layout, None, "torque", None, (1, 2, 5), now)
        by_shift, *_ = await charted(session, layout, "works/line", "torque", "xbar_s", (1,), now)  # type: ignore[arg-type]
    block = control_block(one, "Torque", layout.zone, [(now - timedelta(hours=5), "repaired")])
    assert block and "Out of control now" in block.text
    values = block.spec["data"]["values"]
    assert len(values) == 80 and any(v["signal"] for v in values[70:]) and not any(v["signal"] for v in values[:60])
    assert by_shift.characteristic == "opening torque, by shift" and (by_shift.chart or by_shift.missing)


def test_episodes_end_after_eight_quiet_results() -> None:
    signals = [()] * 10 + [(1,)] + [()] * 5 + [(1,), (1,)] + [()] * 9 + [(5,)]
    found = episodes(signals, [False] * len(signals))
    assert [(e.first, e.last, e.over, e.rules) for e in found] == [(10, 17, True, (1,)), (27, 27, False, (5,))]
    assert found[0].confirmed is None and found[0].good == 9
    assert episodes([()] * 5 + [(1,)], [False] * 5 + [True])[0].confirmed == 5  # beyond its limits: sure at once
    three = episodes([(1,), (), (1,), (1,)], [False] * 4)[0]
    assert three.confirmed == 3


def test_a_lot_is_on_until_the_next_one_comes(now: datetime) -> None:
    from mom.quality.touched import used
    from mom.store.quality import Move

    moves = [Move(n, f"L{n}", "caps", "a", None, 1, now + timedelta(hours=n), "released", "") for n in range(3)]
    found = used(moves, Window(now + timedelta(minutes=30), now + timedelta(minutes=90)), "a")
    assert [lot.lot for lot in found] == ["L0", "L1"]
