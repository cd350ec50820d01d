"""Runs the connectors of a plant and brings what they take into the store: leases, health, spool, batches."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from connectors.batch import Place
from connectors.check import make_connector
from connectors.connector import Connector
from connectors.drain import Drain
from connectors.feed import Feed
from connectors.gaps import STOPPED, Gap
from connectors.links import Lease
from connectors.packing import Slot
from connectors.spool import Spool
from connectors.storage import Storage
from mom.clock import now
from mom.database.access import Store
from mom.errors import Unavailable
from mom.events import emit
from mom.plant.apply import apply_plant
from mom.plant.schema import Connector as Block
from mom.plant.schema import Plant

FLUSH_ROWS = 5_000
FLUSH_S = 0.25
TICK_S = 1.0
RESTART_S = 20.0
DRAIN_S = 10.0
RETRY_S = (0.1, 0.5, 1.0, 2.0)
Connection = psycopg.AsyncConnection[Any]
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError, Unavailable, OSError)
"""What it looks like when the store is not there, or has gone."""
Opening = Callable[[], AbstractAsyncContextManager[Store]]
log = structlog.get_logger("collector")


def spool_path(home: Path, plant: Plant) -> Path:
    return home / "spool" / f"{plant.site.id}.db"


class Collector:
    """`opening` opens the store, again and again if need be. `run` ends when `stop` is set, with the spool flushed."""

    def __init__(
        self, plant: Plant, spool: Spool, opening: Opening, *, make: Callable[[Block], Connector] = make_connector
    ) -> None:
        self.plant, self.spool, self._opening, self._make = plant, spool, opening, make
        self.stored = self.repeats = self.waiting = 0
        self.site_id: int | None = None
        names = [tag.id for block in plant.connectors for tag in block.tags]
        self._numbers = spool.file.numbers_of(names)
        self._holder = _holder(spool)
        self.feeds = {block.id: self._feed(block.id) for block in plant.connectors}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._leases: dict[str, Lease] = {}
        self._said_lost = self._stopping = False
        self._next_tick = 0.0

    def _feed(self, name: str) -> Feed:
        block = next(block for block in self.plant.connectors if block.id == name)
        slots = {tag.id: Slot(self._numbers[tag.id], tag.type) for tag in block.tags}
        return Feed(name, self._make(block), self.spool, slots, now)

    async def run(self, stop: asyncio.Event) -> None:
        storing = asyncio.create_task(self._keep_storing(stop))
        try:
            await asyncio.wait({storing, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
            await self._stop_feeds()
            await asyncio.wait({storing}, timeout=DRAIN_S)
        finally:
            await self._stop_feeds()
            storing.cancel()
            await asyncio.wait({storing})
            await self.spool.close()
        if not storing.cancelled():
            storing.result()

    async def _keep_storing(self, stop: asyncio.Event) -> None:
        """The store may go and come; what is taken waits in the spool meanwhile."""
        tries = 0
        while True:
            try:
                async with self._opening() as store:
                    storage = await self._settle(store)
                    async with await store.connect(autocommit=True) as connection:
                        self._say_back()
                        tries = 0
                        await self._store_until(stop, store, connection, storage)
                        return
            except AWAY as error:
                self._say_lost(error)
            if stop.is_set():
                return
            self._start_on_trust()
            await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
            tries += 1

    async def _settle(self, store: Store) -> Storage:
        async with store.write.begin() as session:
            applied = await apply_plant(session, self.plant)
        self.site_id = applied.site_id
        async with await store.connect(autocommit=True) as connection:
            places = await places_of(connection, applied.site_id, self._numbers)
        self._leases = {
            block.id: self._leases.get(block.id) or Lease(applied.site_id, block.id, block.protocol, self._holder)
            for block in self.plant.connectors
        }
        return Storage(applied.site_id, places, {n: name for name, n in self._numbers.items()})

    async def _store_until(self, stop: asyncio.Event, store: Store, connection: Connection, storage: Storage) -> None:
        drain = Drain(self.spool, storage)
        while True:
            if time.monotonic() >= self._next_tick:
                await self._tick(connection)
                self._next_tick = time.monotonic() + TICK_S
            stored = await drain.once(connection)
            if stored is not None:
                self.stored += stored.rows
                self.repeats += stored.repeats
                self.waiting += stored.waiting
                await _tell(store, storage.site_id, stored.gaps)
            elif stop.is_set() and not self._tasks:
                await self._tick(connection, last=True)
                return
            if self.spool.rows < FLUSH_ROWS:
                await self._wait_for_news(stop)

    async def _wait_for_news(self, stop: asyncio.Event) -> None:
        """Until something is taken, and a little more comes with it; or until the next tick is due."""
        wait = max(0.01, self._next_tick - time.monotonic()) if not stop.is_set() else 0.01
        try:
            async with asyncio.timeout(wait):
                await self.spool.news.wait()
        except TimeoutError:
            return
        if not stop.is_set():
            await asyncio.sleep(FLUSH_S)

    async def _tick(self, connection: Connection, *, last: bool = False) -> None:
        """Leases and health. A connector runs here only while this collector has its lease."""
        for name, lease in self._leases.items():
            health = self.feeds[name].health
            if last:
                health.state, health.since, health.detail = "stopped", now(), ""
            if lease.fence is None and not last and await lease.acquire(connection):
                await self.spool.append(notes=await lease.notes(connection, self.spool.file.notes()))
            if lease.fence is not None:
                file = self.spool.file
                await lease.renew(connection, health, waiting=file.rows, size=file.bytes, limit=file.limit)
            if lease.fence is None:
                await self._yield_to_another(name, lease, connection)
            else:
                self._start(name)

    def _start(self, name: str) -> None:
        if name not in self._tasks and not self._stopping:
            self._tasks[name] = asyncio.create_task(self._supervise(name), name=f"feed {name}")

    def _start_on_trust(self) -> None:
        """Without a store nobody can ask for a lease: who had it last goes on, also after a restart."""
        for name in self.feeds:
            if f"fence:{name}" in self.spool.file.notes():
                self._start(name)

    async def _supervise(self, name: str) -> None:
        while True:
            feed = asyncio.create_task(self.feeds[name].run())
            try:
                await asyncio.wait({feed})
            finally:
                feed.cancel()
                await asyncio.wait({feed})
            fault = feed.exception()
            if fault is not None:
                await self.feeds[name].crashed(fault)
            await asyncio.sleep(RESTART_S)

    async def _yield_to_another(self, name: str, lease: Lease, connection: Connection) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            log.warning("another collector runs it now", connector=name, holder=await lease.who_has_it(connection))
            await _cancel([task])
            await self.spool.append(notes={f"fence:{name}": None, f"alive:{name}": None, f"gap:{name}": None})
            self.feeds[name] = self._feed(name)

    async def _stop_feeds(self) -> None:
        self._stopping = True
        await _cancel(list(self._tasks.values()))
        self._tasks.clear()
        self.spool.news.set()

    def _say_lost(self, error: BaseException) -> None:
        if not self._said_lost:
            log.warning("the store does not answer; the spool keeps what is taken", error=str(error).strip())
        self._said_lost = True

    def _say_back(self) -> None:
        if self._said_lost:
            log.info("the store is back", waiting=self.spool.rows)
        self._said_lost = False


async def _tell(store: Store, site_id: int, gaps: Sequence[Gap]) -> None:
    """A link that is lost, or back, is an event; that we ourselves were away is none."""
    for gap in gaps:
        if gap.tag is None and gap.reason != STOPPED:
            kind = "link.back" if gap.end else "link.lost"
            body = {"connector": gap.connector, "reason": gap.reason, "detail": gap.detail, "since": str(gap.start)}
            async with store.write.begin() as session:
                await emit(session, site_id, kind, f"link:{gap.connector}", body)


def _holder(spool: Spool) -> str:
    """Names this collector; the same after a restart, so that it gets its own leases back at once."""
    notes = spool.file.notes()
    if "holder" not in notes:
        notes["holder"] = f"{socket.gethostname()}:{os.urandom(4).hex()}"
        spool.file.append([], {"holder": notes["holder"]})
    return notes["holder"]


async def places_of(connection: Connection, site_id: int, numbers: dict[str, int]) -> dict[int, Place]:
    """Where each tag of the spool belongs, those of an earlier plant file too."""
    query = "SELECT name, id, equipment_id, connector FROM tags WHERE site_id = %s"
    rows = await (await connection.execute(query, [site_id])).fetchall()
    return {numbers[name]: Place(tag, equipment, source) for name, tag, equipment, source in rows if name in numbers}


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
