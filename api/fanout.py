"""One LISTEN for the whole web process; pages wait on it and read the rows they missed themselves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

from mom.database.access import Store
from mom.events import CHANNEL

log = structlog.get_logger()
RETRY_S = 2.0


class Fanout:
    """Wakes whoever waits when an event was written. A lost connection is retried; waiters also wake by time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changed = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until the next event, or `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.changed.wait(), seconds)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                async with await self.store.connect(autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._wake()  # whatever was written while we were away
                    async for _ in connection.notifies():
                        self._wake()
            except (psycopg.OperationalError, OSError) as error:
                log.warning("events: the database is not there", error=str(error))
            await asyncio.sleep(RETRY_S)

    def _wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


@asynccontextmanager
async def listening(store: Store) -> AsyncIterator[Fanout]:
    fanout = Fanout(store)
    task = asyncio.create_task(fanout.run())
    try:
        yield fanout
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
