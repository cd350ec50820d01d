"""What came while nothing more could be taken counts as not heard: said again, it is taken."""

import asyncio
from datetime import UTC, datetime

from connectors.connector import Connector, Reading
from connectors.feed import Feed
from connectors.packing import Slot
from connectors.spool import Spool
from mom.plant.schema import TagType

HELD = Reading("n", datetime(2026, 8, 1, tzinfo=UTC), 2.0)


class Repeating(Connector):
    """Says its current value when it is connected, as OPC UA servers do, then that it is there."""

    async def readings(self):
        yield [HELD]
        while True:
            await asyncio.sleep(0.01)
            yield []


async def test_a_value_that_a_full_spool_refused_is_taken_when_it_is_said_again(tmp_path, until):
    spool = Spool(tmp_path / "spool.db", limit=1, reserve=0)
    feed = Feed("c1", Repeating(tags=()), spool, {"n": Slot(1, TagType.float64)}, lambda: datetime.now(UTC))
    running = asyncio.create_task(feed.run())
    try:
        await until(lambda: feed.health.state == "lost")
        assert spool.rows == 0
        spool.file.limit = 1 << 20
        await until(lambda: feed.health.state == "alive")
        assert spool.rows == 1
    finally:
        running.cancel()
        await asyncio.wait({running})
        await spool.close()
