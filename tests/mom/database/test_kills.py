"""Whoever is killed with -9, no committed row is lost and no process is left. LINESIDE_KILLS=50 for the long form."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from mom.database import locks
from mom.database.embedded import EmbeddedServer

KILLS = int(os.environ.get("LINESIDE_KILLS", "5"))
LONG_WORK = b"SELECT count(*) FROM generate_series(1, 1000000000)"
"""A session that does this outlives its server."""
pytestmark = pytest.mark.timeout(120 + 20 * KILLS)


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


def told(program: subprocess.Popen[str], seed: random.Random) -> int:
    """Let a writer work for a moment, kill it, and return the last number that it was promised."""
    assert program.stdout is not None
    lines = [program.stdout.readline()]
    time.sleep(seed.uniform(0, 0.3))
    program.kill()
    lines += program.communicate()[0].splitlines(keepends=True)
    return int([line for line in lines if line.endswith("\n")][-1])


def test_the_owner_is_killed(home, writer, left):
    number = int(time.time())
    print("seed", number)
    seed = random.Random(number)
    server = EmbeddedServer(home)
    for turn in range(KILLS):
        promised = told(writer(), seed)
        if turn % 2:  # every other time the next start comes at once, while the old server still ends
            wait_until(lambda: not left(server), 15)
        with server, psycopg.connect(server.dsn()) as connection:
            count, last = connection.execute("SELECT count(*), max(id) FROM told").fetchone()
        assert count == last >= promised
    assert left(server) == []


def test_the_owner_is_killed_while_the_database_is_made(home, writer, left):
    seed = random.Random(1)
    server = EmbeddedServer(home)
    for _ in range(3):
        program = writer()
        time.sleep(seed.uniform(0.1, 0.5))
        program.kill()
    wait_until(lambda: not left(server), 15)
    with server, psycopg.connect(server.dsn()) as connection:
        connection.execute("SELECT 1")


@pytest.mark.parametrize("victim", ["postmaster", "session", "keeper"])
def test_the_server_is_killed(home, left, victim):
    server, longest = EmbeddedServer(home), 0.0
    with server:
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("CREATE TABLE told (id bigint PRIMARY KEY)")
        for turn in range(KILLS):
            with closing(psycopg.connect(server.dsn())) as busy, closing(psycopg.connect(server.dsn())) as witness:
                busy.pgconn.send_query(LONG_WORK)
                promised = write(server, 20)
                began = time.monotonic()
                kill(server, victim, busy.info.backend_pid)
                wait_until(partial(is_broken, witness), 15)  # the fault has fired: everybody is thrown out
                if victim == "keeper":  # nobody starts the server again but who asks for it
                    wait_until(lambda: not locks.is_held(server.places.lock("keeper")), 5)
                    server.ensure()
                wait_until(lambda: rows(server) is not None, 50)
                longest = max(longest, time.monotonic() - began)
                assert rows(server) == promised == 20 * (turn + 1)
    assert left(server) == []
    print(f"served again after at most {longest:.2f} s")


def write(server: EmbeddedServer, count: int) -> int:
    """Commit `count` more rows, one by one; returns how many there must be now."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for _ in range(count):
            connection.execute("INSERT INTO told SELECT coalesce(max(id), 0) + 1 FROM told")
        return connection.execute("SELECT max(id) FROM told").fetchone()[0]


def is_broken(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        return True
    return False


def kill(server: EmbeddedServer, victim: str, session: int) -> None:
    facts = server.places.read_facts()
    data = Path(facts["data"])
    postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
    os.kill({"postmaster": postmaster, "session": session, "keeper": int(facts["keeper"])}[victim], signal.SIGKILL)


def rows(server: EmbeddedServer) -> int | None:
    """How many rows there are; None while the server takes no connections."""
    try:
        with psycopg.connect(server.dsn(), connect_timeout=2) as connection:
            return connection.execute("SELECT count(*) FROM told").fetchone()[0]
    except psycopg.OperationalError:
        return None
