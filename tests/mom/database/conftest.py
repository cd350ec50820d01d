"""Homes of their own for the tests that start and kill servers, and programs that use one until they are killed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mom.database.embedded import CODE, EmbeddedServer

WRITER = """
import sys
import psycopg
from pathlib import Path
from mom.database.embedded import EmbeddedServer

with EmbeddedServer(Path(sys.argv[1])) as server, psycopg.connect(server.dsn(), autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS told (id bigint PRIMARY KEY)")
    number = connection.execute("SELECT coalesce(max(id), 0) FROM told").fetchone()[0]
    while True:
        number += 1
        connection.execute("INSERT INTO told VALUES (%s)", [number])
        print(number, flush=True)   # only now it was promised
"""


@pytest.fixture
def writer(home: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a program that owns the home's server and writes rows, telling each number after its commit."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        words = [sys.executable, "-c", WRITER, str(home)]
        program = subprocess.Popen(words, cwd=CODE, stdout=subprocess.PIPE, text=True)
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
        program.wait()


@pytest.fixture
def left() -> Callable[[EmbeddedServer], list[str]]:
    """The command lines of processes that work in the server's folders or speak of its home; none when all is gone."""

    def processes(server: EmbeddedServer) -> list[str]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                inside = os.readlink(entry / "cwd").startswith(str(server.places.home))
            except OSError:
                continue
            if int(entry.name) != os.getpid() and (inside or (line and str(server.places.home) in line)):
                found.append(f"{entry.name} {line}")
        return found

    return processes


@pytest.fixture
def ask() -> Callable[..., object]:
    """`ask(server, statement)`: the first value of the answer, None if there is none."""

    def value(server: EmbeddedServer, statement: str, dsn: str = "") -> object:
        with psycopg.connect(dsn or server.dsn(), autocommit=True) as connection:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    return value
