"""What every test may ask for: a real PostgreSQL of its own, a free port, a moment that stands still, the real data."""

import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from mom.database import locks
from mom.database.access import Store, engines
from mom.database.embedded import EmbeddedServer
from mom.database.migrate import migrate
from mom.database.places import Places

NOW = datetime(2026, 8, 23, 14, 0, tzinfo=UTC)
TEMPLATE = "lineside_template"
ROOM = 2 * 2**30


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A PostgreSQL for this run (each xdist worker has its own). It forgets what a power cut would take: tests only."""
    folder = Path(tempfile.mkdtemp(prefix="lineside-tests-", dir=_fast_folder()))
    folder.chmod(0o711)  # as root the server is another user's
    fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
    fast["max_wal_size"] = "256MB"
    try:
        with EmbeddedServer(folder / "home", settings=fast) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: EmbeddedServer) -> str:
    """The name of a migrated, empty database to make others from."""
    _as_admin(server, f"CREATE DATABASE {TEMPLATE} OWNER lineside")
    migrate(server.dsn(database=TEMPLATE), NOW)
    return TEMPLATE


@pytest.fixture
def empty_database(server: EmbeddedServer) -> Iterator[str]:
    """The address of a database without any table."""
    yield from _temporary_database(server, "template1")


@pytest.fixture
def database_dsn(server: EmbeddedServer, template: str) -> Iterator[str]:
    """The address of a migrated database, empty, for one test."""
    yield from _temporary_database(server, template)


@pytest.fixture
async def database(server: EmbeddedServer, database_dsn: str) -> AsyncIterator[Store]:
    """A migrated, empty store for one test: `write`, `read`, `dsn`, `connect()`."""
    async with engines(database_dsn, server) as store:
        yield store


@pytest.fixture
def home() -> Iterator[Path]:
    """A LINESIDE_HOME yet to be made, in a folder with a space. Not in `tmp_path`: the server's user cannot enter."""
    folder = Path(tempfile.mkdtemp(prefix="lineside home ", dir=_fast_folder()))
    folder.chmod(0o711)
    yield folder / "home"
    places = Places(folder / "home")
    while locks.is_held(places.lock("keeper")):  # its owner was killed by the test: the server still ends
        time.sleep(0.02)
    shutil.rmtree(folder)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """`real_data("injection-moulding")`: the folder of a recorded data set, or the test is skipped (in CI: fails)."""
    base = Path(os.environ.get("LINESIDE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")

    def folder(name: str) -> Path:
        found = base / name
        if not found.is_dir():
            missing = f"no recorded data at {found}: set LINESIDE_DATA to the folder that has {name}"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        return found

    return folder


def _fast_folder() -> str | None:
    """A folder in memory where there is one with room: a database is copied there in 20 ms, on a disk in up to 500."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _temporary_database(server: EmbeddedServer, source: str) -> Iterator[str]:
    name = f"test_{os.urandom(6).hex()}"
    _as_admin(server, f"CREATE DATABASE {name} OWNER lineside TEMPLATE {source} STRATEGY file_copy")
    yield server.dsn(database=name)
    _as_admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _as_admin(server: EmbeddedServer, statement: str) -> None:
    with psycopg.connect(server.admin_dsn, autocommit=True) as connection:
        connection.execute(statement)
