"""The way to the store: what a door gets, and what the reader may not do."""

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mom.models import Site


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
        "SELECT 1 FROM procrastinate_jobs",
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
