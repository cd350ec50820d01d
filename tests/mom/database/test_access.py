"""The way to the store: what a door gets, and what the reader may not do."""

import os
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mom.database.access import open_store
from mom.database.embedded import CODE
from mom.database.migrate import head
from mom.errors import InUse
from mom.models import Site
from mom.settings import Settings


async def test_what_is_written_is_read(database):
    async with database.write.begin() as session:
        session.add(Site(code="plant", name="Plant"))
    async with database.read() as session:
        assert (await session.scalars(select(Site.code))).all() == ["plant"]


async def test_the_reader_cannot_write_even_when_it_allows_itself_to(database):
    async with database.read() as session:
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("DELETE FROM sites"))
    async with database.read() as session:
        await session.execute(text("SET TRANSACTION READ WRITE"))
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(text("DELETE FROM sites"))


@pytest.mark.parametrize(
    "question",
    [
        "SELECT password_hash FROM users",
        "SELECT * FROM users",
        "SELECT secret FROM webhook_endpoints",
        "SELECT 1 FROM sign_in_sessions",
        "SELECT 1 FROM sign_in_links",
        "SELECT 1 FROM api_keys",
        "SELECT 1 FROM letters",
        "SET ROLE lineside",
        "CREATE TABLE mine (a int)",
    ],
)
async def test_the_reader_sees_no_secret(database, question):
    async with database.read() as session:
        await session.execute(text("SET TRANSACTION READ WRITE"))
        with pytest.raises(DBAPIError, match=r"permission denied|must be"):
            await session.execute(text(question))


async def test_the_reader_sees_the_rest_of_such_tables(database):
    async with database.read() as session:
        await session.execute(text("SELECT name FROM users"))
        await session.execute(text("SELECT url FROM webhook_endpoints"))


async def test_a_connection_of_psycopg(database):
    async with await database.connect(autocommit=True) as connection:
        assert isinstance(connection, psycopg.AsyncConnection)
        await connection.execute("LISTEN something")


async def test_a_new_home_is_made_and_migrated_and_others_join_it(home):
    settings = Settings(LINESIDE_HOME=home, DATABASE_URL=None)
    async with open_store(settings, "owner") as owner, open_store(settings) as command:
        async with owner.write.begin() as session:
            session.add(Site(code="plant", name="Plant"))
        async with command.read() as session:
            assert (await session.scalars(select(Site.code))).all() == ["plant"]
            assert await session.scalar(text("SELECT version_num FROM alembic_version")) == head()
            assert await session.scalar(text("SELECT current_user")) == "lineside_reader"
            assert await session.scalar(text("SHOW statement_timeout")) == "30s"
        with pytest.raises(InUse, match=f"process {os.getpid()}"):
            async with open_store(settings, "owner"):
                pass
    assert not (home / "database" / "server.json").exists()


async def test_a_store_is_taken_as_it_is_when_told_to(home):
    async with (
        open_store(Settings(LINESIDE_HOME=home, DATABASE_URL=None), migrated=False) as store,
        store.read() as session,
    ):
        assert await session.scalar(text("SELECT to_regclass('sites')")) is None


async def test_an_engine_survives_a_server_that_was_started_again(home):
    async with open_store(Settings(LINESIDE_HOME=home, DATABASE_URL=None)) as store:
        for _ in range(3):
            async with store.read() as session:
                pid = await session.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(store.server.admin_dsn, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_the_way_to_the_store_loads_nothing_heavy():
    heavy = {"alembic", "langgraph", "openai", "asyncua", "ortools", "pandas", "altair"}
    words = [sys.executable, "-c", "import sys, mom.database.access; print(*sys.modules)"]
    loaded = subprocess.run(words, cwd=CODE, capture_output=True, text=True, check=True).stdout.split()
    assert "psycopg" in loaded
    assert heavy.isdisjoint(loaded)
