"""From a spool into the store, batch by batch: while one is stored the next is read, and the last is forgotten."""

import asyncio

from connectors.spool import Spool
from connectors.spool_file import Entry
from connectors.storage import Connection, Storage, Stored

MOST_ROWS = 50_000


class Drain:
    """One at a time for a spool. After an error of the store's a new one begins where the last batch was stored."""

    def __init__(self, spool: Spool, storage: Storage) -> None:
        self._spool, self._storage = spool, storage
        self._done = 0  # entries up to here are stored
        self._ahead: list[Entry] = []
        self._trimming: asyncio.Task[None] | None = None

    async def once(self, connection: Connection) -> Stored | None:
        """Store the oldest batch; None when there is nothing."""
        entries = self._ahead or await self._spool.read(MOST_ROWS, after=self._done)
        if not entries:
            await self._trimmed()
            return None
        self._ahead = []
        reading = None
        if sum(entry.rows for entry in entries) >= MOST_ROWS:
            reading = asyncio.create_task(self._spool.read(MOST_ROWS, after=entries[-1].seq))
        try:
            stored = await self._storage.store(connection, entries)
        finally:
            ahead = await reading if reading else []
        self._done, self._ahead = entries[-1].seq, ahead
        await self._trimmed()
        self._trimming = asyncio.create_task(self._spool.trim(entries))
        if not ahead:
            await self._trimmed()
        return stored

    async def _trimmed(self) -> None:
        if self._trimming is not None:
            await self._trimming
            self._trimming = None
