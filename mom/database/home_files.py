"""The files of a home that a backup takes along: what waits in the spool, and all that a start does not make anew."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

NOT_TAKEN = frozenset({"database", "log", "web", ".venv", "running.json", "starting", "backups"})
"""Names at the top of a home: the server's own files (the dump holds what they say), logs, and what a start makes."""
BEFORE, RESTORING = "before-restore-", "restoring-"
"""How folders begin that a restore makes at the top of a home."""
NOT_TAKEN_ENDINGS = (".lock", "-wal", "-shm", "-journal", ".pid", ".new", ".backup")
SQLITE = b"SQLite format 3\0"


def files_of(home: Path) -> Iterator[Path]:
    """The files to take, as paths inside `home`, sorted."""
    for folder, names, files in os.walk(home):
        inside = Path(folder).relative_to(home)
        if inside == Path():
            names[:] = [name for name in names if name not in NOT_TAKEN and not name.startswith((BEFORE, RESTORING))]
            files = [name for name in files if name not in NOT_TAKEN]
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if not name.endswith(NOT_TAKEN_ENDINGS) and path.is_file() and not path.is_symlink():
                yield inside / name


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file with its rights, as it is at one moment, also a SQLite file that somebody writes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        is_sqlite = file.read(len(SQLITE)) == SQLITE
    if is_sqlite:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    else:
        shutil.copyfile(source, target)
    shutil.copymode(source, target)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
