"""Readings from the spool into rows, against a bare COPY of the very same rows."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.bench import Bench, Row
from connectors.batch import Place
from connectors.connector import Reading
from connectors.drain import Drain
from connectors.packing import COPY_HEADER, COPY_TRAILER, Packed, Slot, pack
from connectors.spool import Spool
from connectors.storage import COLUMNS, Storage
from mom.clock import now
from mom.database.embedded import EmbeddedServer
from mom.database.migrate import migrate
from mom.database.partitions import ensure_partitions
from mom.plant.schema import TagType

READINGS, TAGS, TAKEN, BATCH = 300_000, 100, 5_000, 50_000
ROUNDS = 5
START = datetime(2026, 8, 1, tzinfo=UTC)
COPY = f"COPY readings {COLUMNS} FROM STDIN (FORMAT BINARY)"
Connection = psycopg.AsyncConnection[Any]


async def spool_to_rows() -> list[Row]:
    clean: list[float] = []
    bare: list[float] = []
    half: list[float] = []
    async with _database() as connection:
        packed = [_packed(first) for first in range(0, READINGS, TAKEN)]
        for _ in range(ROUNDS):
            bare.append(await _bare_copy(connection, packed))
            clean.append(await _drain(connection, packed))
            await connection.execute("DELETE FROM readings WHERE extract(second FROM at)::int % 2 = 0")
            await connection.execute("VACUUM readings")
            half.append(await _drain(connection, packed, empty=False))
    rate = READINGS / min(bare)
    return [
        _row("spool to rows, all new", READINGS / min(clean), "readings/s", "bare COPY", rate, ">= 0.9"),
        _row("spool to rows, half repeats", READINGS / min(half), "readings/s", "bare COPY", rate, ">= 0.4"),
    ]


@asynccontextmanager
async def _database() -> AsyncIterator[Connection]:
    """A database of its own, with its safety on, and a machine in it."""
    folder = _folder()
    server = EmbeddedServer(folder / "home")
    await asyncio.to_thread(server.start)
    try:
        await asyncio.to_thread(migrate, server.dsn(), now())
        async with await psycopg.AsyncConnection.connect(server.dsn(), autocommit=True) as connection:
            await _site(connection)
            yield connection
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lineside-bench-"))
    folder.chmod(0o711)  # as root the server is another user's
    return folder


async def _site(connection: Connection) -> None:
    await connection.execute("INSERT INTO sites (code, name) VALUES ('bench', 'Bench')")
    await connection.execute(
        "INSERT INTO equipment (site_id, path, code, name, level) VALUES (1, 'bench/m', 'm', 'M', 'work_unit')"
    )
    await ensure_partitions(connection, [START])


def _storage() -> Storage:
    """For TAGS tags of one machine."""
    places = {number: Place(number, 1, "c") for number in range(1, TAGS + 1)}
    return Storage(1, places, {number: f"t{number}" for number in places})


def _packed(first: int) -> Packed:
    slots = {f"t{number}": Slot(number, TagType.float64) for number in range(1, TAGS + 1)}
    readings = (
        Reading(f"t{n % TAGS + 1}", START + timedelta(milliseconds=10 * n), n / 7) for n in range(first, first + TAKEN)
    )
    return pack(readings, slots, START)


async def _bare_copy(connection: Connection, packed: Sequence[Packed]) -> float:
    """The same rows, as many a transaction, from memory into the same table: what there is at most."""
    await connection.execute("TRUNCATE readings")
    step = BATCH // TAKEN
    bodies = [b"".join(part.numbers for part in packed[at : at + step]) for at in range(0, len(packed), step)]
    began = time.perf_counter()
    for body in bodies:
        async with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            await copy.write(COPY_HEADER + body + COPY_TRAILER)
    return time.perf_counter() - began


async def _drain(connection: Connection, packed: Sequence[Packed], *, empty: bool = True) -> float:
    """Everything that the collector does with a full spool: read, store, tell, forget."""
    if empty:
        await connection.execute("TRUNCATE readings")
    storage = _storage()
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder) / "spool.db", reserve=0)
        for part in packed:
            await spool.append(part)
        drain = Drain(spool, storage)
        began = time.perf_counter()
        while await drain.once(connection):
            pass
        seconds = time.perf_counter() - began
        await spool.close()
    return seconds


def _row(name: str, value: float, unit: str, baseline: str, baseline_value: float, aim: str) -> Row:
    return Row(
        name=name,
        value=value,
        unit=unit,
        baseline=baseline,
        baseline_value=baseline_value,
        ratio=value / baseline_value,
        aim=aim,
    )


bench = Bench("readings", spool_to_rows)
