"""What `doctor` looks at: each check gives findings, each fault its remedy. Nothing is changed, nothing is written."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import psycopg

from api.finding import Finding, fault
from api.neighbours import connector, mail, model, other_system
from mom.errors import LinesideError
from mom.plant.schema import Plant
from mom.settings import Settings

OLDEST_PYTHON = (3, 11)
LEAST_DISK = 2 * 2**30


async def findings(settings: Settings, plant_file: Path) -> AsyncIterator[Finding]:
    """Each finding as soon as it is known, in a fixed order."""
    yield python()
    yield home(settings.home)
    yield disk(settings.home)
    yield await caught("database", database(settings))
    plant: Plant | None = None
    try:
        plant = read_plant(plant_file)
        yield Finding("plant file", "ok", f"{plant_file}: {len(plant.connectors)} connectors.")
    except (LinesideError, OSError) as error:
        yield fault("plant file", error)
    for block in plant.connectors if plant else ():
        yield await caught(f"connector {block.id}", connector(block))
    for system in plant.systems if plant else ():
        yield await caught(f"system {system.id}", other_system(settings, system.id, system.url))
    yield await caught("model", model(settings))
    yield await caught("mail", mail(settings))


async def caught(check: str, look: Coroutine[Any, Any, Finding]) -> Finding:
    """The finding, or the fault that was raised instead."""
    try:
        return await look
    except (LinesideError, OSError, psycopg.Error) as error:
        return fault(check, error)


def python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("python", "fault", f"Python {found}; 3.11 or newer is needed.", "Install a newer Python.")
    return Finding("python", "ok", f"Python {found}.")


def home(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            "home", "fault", f"{there} cannot be written.", "Give its owner the right, or set LINESIDE_HOME."
        )
    return Finding("home", "ok", f"{folder}{'' if there == folder else ' (will be made)'}.")


def disk(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 2**30:.1f} GB are free on the disk of {there}"
    if free < LEAST_DISK:
        return Finding(
            "disk", "fault", f"{said}; at least 2 are needed.", "Free some, or set LINESIDE_HOME to another disk."
        )
    return Finding("disk", "ok", f"{said}.")


async def database(settings: Settings) -> Finding:
    """The store answers, is of this version, and has pgvector."""
    from mom.database.access import open_store
    from mom.database.migrate import found, is_behind

    def look(dsn: str) -> tuple[int, str | None, bool, tuple[Any, ...] | None]:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
            revision = found(connection)
            row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
            return connection.info.server_version // 10000, revision, is_behind(revision), row

    async with open_store(settings, migrated=False) as store:
        server, revision, behind, vector = await asyncio.to_thread(look, store.dsn)
    where = "DATABASE_URL" if settings.database_url else "built in"
    said = f"PostgreSQL {server} ({where}), revision {revision or 'none yet'}, pgvector {vector[0] if vector else 'not yet'}"
    if behind and revision is not None:
        return Finding(
            "database", "fault", f"{said}: behind this program.", "Run ./lineside migrate; every start does it too."
        )
    return Finding("database", "ok", f"{said}.")


def read_plant(path: Path) -> Plant:
    from connectors.check import check_plant

    return check_plant(path)
