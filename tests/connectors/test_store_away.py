"""The database is away for a while: the spool grows, and nothing is lost. Only one collector runs a connector."""

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from connectors.collector import Collector
from connectors.connector import Connector, Reading
from connectors.spool import Spool
from mom.database.access import engines
from mom.database.embedded import EmbeddedServer
from mom.database.migrate import migrate

START = datetime(2026, 8, 1, tzinfo=UTC)
VALUES = int(os.environ.get("LINESIDE_TEST_VALUES", "300000"))


class Flooding(Connector):
    """All of it as fast as it is taken, once `go` is set."""

    async def readings(self):
        yield [Reading("n", START, 0.0)]
        while not self.go.is_set():
            await asyncio.sleep(0.05)
            yield []
        for n in range(1, VALUES, 1000):
            batch = range(n, min(n + 1000, VALUES))
            yield [Reading("n", START + timedelta(milliseconds=i), float(i)) for i in batch]
        while True:
            await asyncio.sleep(0.1)
            yield []


async def test_a_database_that_is_away(plant, tmp_path, until, now):
    go = Flooding.go = asyncio.Event()
    server = EmbeddedServer(tmp_path / "home", settings={"fsync": "off"})
    server.start()
    await asyncio.to_thread(migrate, server.dsn(), now)
    there = plant({"protocol": "modbus", "host": "x", "tags": [{"id": "n", "address": "holding:0"}]})

    @asynccontextmanager
    async def opening():
        async with engines(server.dsn(), server) as store:
            yield store

    spool, stop = Spool(tmp_path / "spool.db", reserve=0), asyncio.Event()
    collector = Collector(there, spool, opening, make=lambda block: Flooding(tags=block.tags))
    running = asyncio.create_task(collector.run(stop))
    try:
        await until(lambda: collector.stored == 1)
        await asyncio.to_thread(server.stop)
        go.set()
        await until(lambda: spool.rows == VALUES - 1, 60)
        assert spool.file.bytes > VALUES * 60
        assert collector.stored == 1
        await asyncio.to_thread(server.start)
        await until(lambda: collector.stored == VALUES, 60)
        stop.set()
        await running
        async with opening() as store, await store.connect() as connection:
            found = await connection.execute("SELECT count(*), sum(number) FROM readings")
            assert await found.fetchone() == (VALUES, VALUES * (VALUES - 1) / 2)
            found = await connection.execute("SELECT waiting, spool_bytes, readings FROM links")
            assert await found.fetchone() == (0, 0, VALUES)
    finally:
        stop.set()
        await asyncio.wait({running})
        await asyncio.to_thread(server.stop)


async def test_two_collectors_never_run_one_connector(plant, database, tmp_path, rows, until):
    Flooding.go = asyncio.Event()
    there = plant({"protocol": "modbus", "host": "x", "tags": [{"id": "n", "address": "holding:0"}]})

    @asynccontextmanager
    async def opening():
        yield database

    stops, running, collectors = [], [], []
    for name in "ab":
        spool, stop = Spool(tmp_path / f"{name}.db", reserve=0), asyncio.Event()
        collectors.append(Collector(there, spool, opening, make=lambda block: Flooding(tags=block.tags)))
        stops.append(stop)
        running.append(asyncio.create_task(collectors[-1].run(stop)))
        await until(lambda: collectors[0].feeds["c1"].health.state == "alive")
    await asyncio.sleep(2.5)
    assert [it.feeds["c1"].health.state for it in collectors] == ["alive", "starting"]
    stops[0].set()
    await running[0]
    await until(lambda: collectors[1].feeds["c1"].health.state == "alive")
    stops[1].set()
    await running[1]
    assert await rows("SELECT fence, state FROM links") == [(2, "stopped")]
