"""A server named by DATABASE_URL: what it must have, and the same store on it."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mom.database.access import open_store
from mom.database.given import check_server
from mom.errors import Unavailable
from mom.models import Site
from mom.settings import Settings


@pytest.fixture
def given(server) -> Iterator[Callable[..., str]]:
    """`given(vector=True)`: the address of a database whose owner is no superuser and may make no roles."""
    role = f"tenant_{os.urandom(4).hex()}"
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN")

        def make(*, vector: bool) -> str:
            template = "template1" if vector else "template0"
            admin.execute(f"CREATE DATABASE {role} OWNER {role} TEMPLATE {template}")
            return server.dsn(role, role)

        yield make
        admin.execute(f"DROP DATABASE IF EXISTS {role} WITH (FORCE)")
        admin.execute(f"DROP ROLE {role}")


def test_the_extension_is_missing(given):
    with pytest.raises(Unavailable, match=r"Let a superuser run, in the database tenant_\w+: CREATE EXTENSION vector;"):
        check_server(given(vector=False))


def test_the_extension_is_too_old(given, server):
    dsn = given(vector=True)
    with psycopg.connect(server.dsn("postgres", dsn.split("@")[0].removeprefix("postgresql://"))) as admin:
        admin.execute("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    with pytest.raises(Unavailable, match=r"version 0\.7\.4; 0\.8 or later is needed.*ALTER EXTENSION vector UPDATE"):
        check_server(dsn)


def test_nobody_answers(free_port):
    with pytest.raises(Unavailable) as caught:
        check_server(f"postgresql://me:secret@127.0.0.1:{free_port}/plant")
    assert f"127.0.0.1:{free_port}/plant" in str(caught.value)
    assert "unset it to use the built-in database" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_the_reader_is_not_ours_to_take(given):
    settings = Settings(DATABASE_URL=given(vector=True))
    with pytest.raises(Unavailable, match='Let a superuser run: .*GRANT lineside_reader TO "tenant_'):
        async with open_store(settings):
            pass


async def test_the_same_store(given, server, home):
    dsn = given(vector=True)
    with psycopg.connect(server.admin_dsn) as admin:
        admin.execute(f"GRANT lineside_reader TO {dsn.split('@')[0].removeprefix('postgresql://')}")
    settings = Settings(DATABASE_URL=dsn, LINESIDE_HOME=home)
    async with open_store(settings, "owner") as store, open_store(settings) as second:
        assert store.server is None
        async with store.write.begin() as session:
            session.add(Site(code="plant", name="Plant"))
        async with second.read() as session:
            assert (await session.scalars(select(Site.code))).all() == ["plant"]
            with pytest.raises(DBAPIError, match="permission denied"):
                await session.execute(text("SELECT password_hash FROM users"))
    assert not home.exists()
