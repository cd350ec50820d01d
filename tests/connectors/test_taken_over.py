"""Who takes a connector over goes on from what the last one left: the time between them is on record."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from connectors.collector import Collector
from connectors.connector import Connector, LinkRefused, Reading
from connectors.gaps import Gap
from connectors.spool import Spool

DEAD_AT = datetime(2026, 8, 1, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEAD = """
    INSERT INTO links (site_id, connector, protocol, state, since, alive_at, holder, fence, lease_until)
    SELECT id, 'c1', 'modbus', 'alive', %(at)s, %(at)s, 'another:1', 4, %(at)s FROM sites RETURNING 1
"""
LOST = """
    INSERT INTO gaps (site_id, connector, started_at, reason, detail)
    SELECT id, 'c1', %s, 'link lost', 'no answer' FROM sites RETURNING 1
"""
GAPS = "SELECT started_at, ended_at > %s, reason FROM gaps ORDER BY started_at"


class Talking(Connector):
    async def readings(self):
        yield [Reading("n", datetime.now(UTC), 1.0)]
        while True:
            await asyncio.sleep(0.05)
            yield []


class Refusing(Connector):
    async def readings(self):
        raise LinkRefused("not you")
        yield []


@pytest.fixture
def there(plant):
    return plant({"protocol": "modbus", "host": "x", "tags": [{"id": "n", "address": "holding:0"}]})


@pytest.fixture
def collect(database, there, until):
    """`await collect(spool path)`: a collector runs until its connector is alive, and is stopped."""

    @asynccontextmanager
    async def opening():
        yield database

    async def run(path, kind=Talking, state="alive"):
        spool, stop = Spool(path, reserve=0), asyncio.Event()
        collector = Collector(there, spool, opening, make=lambda block: kind(tags=block.tags))
        running = asyncio.create_task(collector.run(stop))
        try:
            await until(lambda: collector.feeds["c1"].health.state == state)
        finally:
            stop.set()
            await running

    return run


@pytest.fixture
async def applied(database, there):
    from mom.plant.apply import apply_plant

    async with database.write.begin() as session:
        await apply_plant(session, there)


@pytest.fixture
def say(database):
    async def execute(query, values):
        async with await database.connect(autocommit=True) as connection:
            await connection.execute(query, values)

    return execute


async def test_the_hours_that_nobody_collected_are_a_gap(applied, say, collect, rows, tmp_path):
    await say(DEAD, {"at": DEAD_AT})
    began = datetime.now(UTC)
    await collect(tmp_path / "new.db")
    assert await rows(GAPS, began) == [(DEAD_AT, True, "collector stopped")]


async def test_a_gap_that_a_dead_collector_left_open_is_ended(applied, say, collect, rows, tmp_path):
    await say(DEAD, {"at": DEAD_AT})
    await say(LOST, [DEAD_AT])
    began = datetime.now(UTC)
    await collect(tmp_path / "new.db")
    assert await rows(GAPS, began) == [(DEAD_AT, True, "link lost")]


async def test_what_another_collected_meanwhile_is_no_gap(applied, say, collect, rows, tmp_path):
    await say(DEAD, {"at": DEAD_AT})
    spool = Spool(tmp_path / "old.db", reserve=0)
    gap = Gap("c1", DEAD_AT - 3 * HOUR, None, "link lost")
    alive = (DEAD_AT - 3 * HOUR).isoformat()
    await spool.append(notes={"fence:c1": "3", "alive:c1": alive, "gap:c1": json.dumps(gap.as_json())})
    await spool.close()
    began = datetime.now(UTC)
    await collect(tmp_path / "old.db")
    assert await rows(GAPS, began) == [(DEAD_AT, True, "collector stopped")]


async def test_its_own_gap_is_not_forgotten_at_a_restart(applied, collect, rows, tmp_path):
    await collect(tmp_path / "own.db", Refusing, "refused")
    began = datetime.now(UTC)
    await collect(tmp_path / "own.db")
    [(_, ended, reason)] = await rows(GAPS, began)
    assert (ended, reason) == (True, "link refused")
