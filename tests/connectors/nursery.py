"""Run as a program: children that collect about 5,000 values a second, to be ended at any moment.

`nursery.py DSN SPOOL ACKS MODE …`. For each batch a line "last value, time taken" goes to ACKS after `append` has
returned. kill COUNT SEED: so many children are killed by SIGKILL, one after the other; a last one ends by
itself. full: files may not grow beyond 2 MiB until the file SPOOL.room exists; then the store is let in as well.
"""

import asyncio
import os
import random
import resource
import signal
import sys
import time
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.collector import Collector
from connectors.connector import Connector, Reading
from connectors.spool import Spool
from mom.database.access import engines
from mom.errors import Unavailable
from mom.plant.schema import Plant

START = datetime(2026, 8, 1, tzinfo=UTC)
BATCH, OVERLAP = 50, 500
TAG = {"id": "n", "address": "holding:0", "equipment": "line-1"}
PLANT = Plant.model_validate(
    {
        "site": {"id": "test", "name": "Test"},
        "calendar": {"shifts": []},
        "equipment": [{"id": "line-1", "name": "Line 1"}],
        "connectors": [{"id": "c1", "protocol": "modbus", "tags": [TAG]}],
    }
)


class Counting(Connector):
    """Says n at START + n ms, again from a little before what was acknowledged last."""

    begin: int

    async def readings(self):
        n, loop = self.begin, asyncio.get_running_loop()
        due = loop.time()
        while True:
            yield [Reading("n", START + timedelta(milliseconds=i), float(i)) for i in range(n, n + BATCH)]
            n, due = n + BATCH, due + 0.01
            await asyncio.sleep(max(0, due - loop.time()))


class AckingSpool(Spool):
    """Tells the test what was taken, once it is."""

    def __init__(self, path, acks):
        super().__init__(path, reserve=0)
        self.acks = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.last = -1

    async def append(self, packed=None, *, gaps=(), notes=None):
        await super().append(packed, gaps=gaps, notes=notes)
        if packed is not None and packed.rows:
            os.write(self.acks, f"{last_value(packed)} {notes['alive:c1']}\n".encode())


def last_value(packed):
    import struct

    return int(struct.unpack(">d", packed.numbers[-24:-16])[0])


async def collect(dsn, spool_path, acks, seconds, closed=None):
    """`closed`: the store is not there while this says so."""
    spool, stop = AckingSpool(spool_path, acks), asyncio.Event()
    begin = max(0, acked(acks) + 1 - OVERLAP)

    @asynccontextmanager
    async def opening():
        if closed is not None and closed():
            raise Unavailable("the store is away")
        async with engines(dsn) as store:
            yield store

    collector = Collector(PLANT, spool, opening, make=lambda block: Counting(tags=block.tags, begin=begin))
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await collector.run(stop)


def acked(acks):
    with suppress(FileNotFoundError, IndexError, ValueError):
        return int(Path(acks).read_text().splitlines()[-1].split()[0])
    return -1


def kill(dsn, spool, acks, count, seed):
    chance = random.Random(seed)
    for turn in range(count + 1):
        child = os.fork()
        if child == 0:
            asyncio.run(collect(dsn, spool, acks, 1.0 if turn == count else 60))
            os._exit(0)
        if turn < count:
            before = acked(acks)
            while acked(acks) <= before:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.4))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def full(dsn, spool, acks):
    asyncio.run(collect(dsn, spool, acks, 0.8))  # who never had the lease does not begin without a store
    room = Path(f"{spool}.room")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, resource.RLIM_INFINITY))

    def closed():
        if room.exists():
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return not room.exists()

    asyncio.run(collect(dsn, spool, acks, 12.0, closed))
    asyncio.run(collect(dsn, spool, acks, 0.5))  # a busy machine may not have stored all of it in the time to stop


if __name__ == "__main__":
    address, spool_path, acks_path, mode, *rest = sys.argv[1:]
    if mode == "kill":
        kill(address, Path(spool_path), acks_path, int(rest[0]), int(rest[1]))
    else:
        full(address, Path(spool_path), acks_path)
