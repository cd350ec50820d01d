"""The way to the store, for every door: `async with open_store(settings) as store`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from mom.clock import now
from mom.database.cluster import READER
from mom.database.embedded import EmbeddedServer
from mom.database.engines import read_engine, write_engine
from mom.database.given import check_server
from mom.database.migrate import found, is_behind, migrate
from mom.settings import Settings


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. `write` and `read` make sessions; who opens one commits it; the reading ones cannot write.

    `dsn` is the address (postgresql://) of who writes. `server` is the built-in server, None where DATABASE_URL names
    another.
    """

    dsn: str
    write: async_sessionmaker[AsyncSession]
    read: async_sessionmaker[AsyncSession]
    server: EmbeddedServer | None = None

    async def connect(self, *, autocommit: bool = False) -> psycopg.AsyncConnection:
        """A connection of psycopg's own, for COPY and LISTEN; the caller closes it (`async with`)."""
        return await psycopg.AsyncConnection.connect(self.dsn, autocommit=autocommit, application_name="lineside")


@asynccontextmanager
async def open_store(
    settings: Settings, role: Literal["command", "owner"] = "command", *, migrated: bool = True
) -> AsyncIterator[Store]:
    """The store of this home, or of DATABASE_URL: joined or started, migrated if it is behind, and left at the end.

    `role="owner"` is for who runs the plant: a second one on the home gets InUse. `migrated=False`: take it as it is.
    Raises InUse, Unavailable.
    """
    if settings.database_url is not None:
        dsn = settings.database_url.get_secret_value()
        await asyncio.to_thread(check_server, dsn)
        async with _opened(dsn, None, migrated) as store:
            yield store
        return
    server = EmbeddedServer(settings.home, sole_owner=role == "owner")
    await asyncio.to_thread(server.start)
    try:
        async with _opened(server.dsn(), server, migrated) as store:
            yield store
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def _opened(dsn: str, server: EmbeddedServer | None, migrated: bool) -> AsyncIterator[Store]:
    if migrated:
        await asyncio.to_thread(migrate_if_behind, dsn)
    async with engines(dsn, server) as store:
        yield store


@asynccontextmanager
async def engines(dsn: str, server: EmbeddedServer | None = None) -> AsyncIterator[Store]:
    """A store on a database that is there and migrated; its connections are closed at the end."""
    write = write_engine(dsn)
    read = read_engine(server.dsn_like(dsn, READER)) if server else read_engine(dsn, role=READER)
    try:
        yield Store(
            dsn,
            async_sessionmaker(write, expire_on_commit=False),
            async_sessionmaker(read, expire_on_commit=False),
            server,
        )
    finally:
        await write.dispose()
        await read.dispose()


def migrate_if_behind(dsn: str) -> None:
    """Migrate, unless the database is at our revision (which is quick to see)."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        behind = is_behind(found(connection))
    if behind:
        migrate(dsn, now())
