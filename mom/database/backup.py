"""A backup: one file with a dump of the store, the home's files, and a manifest that tells what must be in it."""

import json
import os
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import psycopg

from mom.database.contents import Content, Progress, contents, sequences
from mom.database.home_files import copy_whole, files_of, sha256
from mom.database.migrate import found
from mom.database.programs import run_program
from mom.errors import BadInput

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "store.dump", "home"
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `files`: path in the home and SHA-256; `dump`: that of the dump."""

    made_at: str
    revision: str
    postgresql: str
    tables: dict[str, Content]
    sequences: dict[str, int]
    files: dict[str, str]
    dump: str

    def as_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1)

    @classmethod
    def read(cls, text: str) -> Self:
        """From JSON. Raises BadInput for another format."""
        said: dict[str, Any] = json.loads(text)
        if said.pop("format", None) != FORMAT:
            raise BadInput("This backup has a form that this Lineside does not know.", remedy="Use a newer Lineside.")
        tables = {name: Content(**content) for name, content in said.pop("tables").items()}
        return cls(tables=tables, **said)

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.tables.values())


def back_up(dsn: str, home: Path, file: Path, now: datetime, progress: Progress) -> Manifest:
    """Write a backup to `file`, whole or not at all, while everything runs on. Raises BadInput, Unavailable.

    The files are copied first: a reading that leaves the spool after that is in the dump.
    """
    if file.exists():
        raise BadInput(f"{file} is there already.", remedy="Choose another name, or remove it first.")
    if not file.parent.is_dir():
        raise BadInput(f"The folder {file.parent} is not there.", remedy="Make it, or choose another.")
    with tempfile.TemporaryDirectory(prefix=".lineside-backup-", dir=file.parent) as folder:
        work = Path(folder)
        files = _copy_files(home, work / FILES, progress)
        manifest = _dump(dsn, work / DUMP, now, files, progress)
        (work / MANIFEST).write_text(manifest.as_json())
        progress("writing the file", "")
        _pack(work, work / "whole", files)
        os.replace(work / "whole", file)
    return manifest


def _copy_files(home: Path, target: Path, progress: Progress) -> dict[str, str]:
    """Copy the home's files; their digests."""
    digests = {}
    for inside in files_of(home):
        progress("copying the home's files", str(inside))
        copy_whole(home / inside, target / inside)
        digests[inside.as_posix()] = sha256(target / inside)
    return digests


def _dump(dsn: str, target: Path, now: datetime, files: dict[str, str], progress: Progress) -> Manifest:
    """Dump and count one and the same moment."""
    with psycopg.connect(dsn) as connection:
        revision = found(connection)
        connection.rollback()
        if revision is None:
            raise BadInput("There is nothing to back up: the store has no tables.", remedy="Run `lineside migrate`.")
        connection.execute(SNAPSHOT)
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        counters = sequences(connection)  # before the dump: they only grow
        progress("dumping the store", "")
        words = ["--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges", "--exclude-extension=*"]
        run_program("pg_dump", dsn, [*words, f"--snapshot={snapshot}", f"--file={target}"])
        tables = contents(connection, progress)
        version = str(connection.info.server_version)
        return Manifest(now.isoformat(), revision, version, tables, counters, files, sha256(target))


def _pack(work: Path, target: Path, files: dict[str, str]) -> None:
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:  # it holds secrets
        with tarfile.open(fileobj=raw, mode="w") as archive:
            for name in (MANIFEST, DUMP, *(f"{FILES}/{inside}" for inside in files)):
                archive.add(work / name, name)
        raw.flush()
        os.fsync(raw.fileno())
