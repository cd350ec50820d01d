"""The spool's file: SQLite, one entry a batch, synced on each commit. Not for two threads at once.

Bounded twice: by a size of its own, and by the disk's free space, of which a reserve is never touched. Measured: a
commit of 5,000 readings costs about 2 ms, one of 50 about 0.3 ms; one spool for all connectors shares them.
"""

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from mom.errors import InUse, LinesideError

LIMIT_BYTES = 2 << 30
RESERVE_BYTES = 64 << 20
ENTRY_OVERHEAD = 48
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_TABLES = """
    CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER, rows INTEGER, body BLOB);
    CREATE TABLE IF NOT EXISTS tags (number INTEGER PRIMARY KEY, name TEXT UNIQUE);
    CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT);
"""


class Kind(IntEnum):
    numbers = 1  # COPY rows of one length
    texts = 2  # COPY rows with a text or nothing
    refused = 3  # JSON: a value for the waiting list
    gap = 4  # JSON: a time without news


class Entry(NamedTuple):
    seq: int
    kind: Kind
    rows: int
    body: bytes


class SpoolFull(LinesideError):
    """Nothing more can be taken: the spool's limit is reached or the disk is full."""

    status = 507


class SpoolFile:
    """`path` and its two neighbours (-wal, -shm), and a lock beside them: one process at a time."""

    def __init__(self, path: Path, *, limit: int = LIMIT_BYTES, reserve: int = RESERVE_BYTES) -> None:
        self.path, self.limit, self.reserve = path, limit, reserve
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise InUse(
                f"The spool {path} is in use by another collector.",
                remedy="Stop that one first, or give this one another home (LINESIDE_HOME).",
            ) from error
        self.bytes = self.rows = self.last = 0
        self.stored = 0  # entries up to here are in the store, and count for nothing
        self._db = self._open()
        self._count()

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)

    def append(self, entries: Iterable[tuple[Kind, int, bytes]], notes: dict[str, str | None] | None = None) -> None:
        """Keep all of it, on the disk when this returns. Raises SpoolFull, and then none of it is kept."""
        rows = [entry for entry in entries if entry[2]]
        size = sum(len(body) + ENTRY_OVERHEAD for _, _, body in rows)
        self._refuse_when_full(size)
        with self._transaction():
            self._db.executemany("INSERT INTO entries (kind, rows, body) VALUES (?, ?, ?)", rows)
            for name, value in (notes or {}).items():
                self._note(name, value)
        if rows:
            self.last = self._db.execute("SELECT max(seq) FROM entries").fetchone()[0]
        self.bytes += size
        self.rows += sum(row[1] for row in rows)

    def read(self, most_rows: int, after: int = 0) -> list[Entry]:
        """The oldest entries (after `after`) that are not stored yet: as many as give `most_rows`, or all."""
        found: list[Entry] = []
        rows = 0
        query = "SELECT seq, kind, rows, body FROM entries WHERE seq > ? ORDER BY seq"
        with contextlib.closing(self._db.execute(query, (max(self.stored, after),))) as cursor:
            for seq, kind, count, body in cursor:
                found.append(Entry(seq, Kind(kind), count, body))
                rows += count
                if rows >= most_rows:
                    break
        return found

    def trim(self, entries: Sequence[Entry]) -> None:
        """Forget what is stored. A full disk can refuse even that; then it is tried again with the next."""
        if not entries:
            return
        self.stored = entries[-1].seq
        self.bytes -= sum(len(entry.body) + ENTRY_OVERHEAD for entry in entries)
        self.rows -= sum(entry.rows for entry in entries)
        try:
            with self._transaction():
                self._db.execute("DELETE FROM entries WHERE seq <= ?", (self.stored,))
        except SpoolFull:
            if self.stored >= self.last:
                self._start_anew()

    def has_room(self) -> bool:
        """Whether taking can go on: a tenth of the limit is free, and the disk has its reserve and a little more."""
        free = self.free_disk()
        return self.bytes < self.limit * 0.9 and free > self.reserve + min(1 << 20, self.reserve // 4)

    def free_disk(self) -> int:
        disk = os.statvfs(self.path.parent)
        return disk.f_bavail * disk.f_frsize

    def numbers_of(self, names: Iterable[str]) -> dict[str, int]:
        """The spool's own number of each tag, given once and for all of its life."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO tags (name) VALUES (?)", [(name,) for name in names])
        return {name: number for number, name in self._db.execute("SELECT number, name FROM tags")}

    def notes(self) -> dict[str, str]:
        return dict(self._db.execute("SELECT name, value FROM notes").fetchall())

    def _note(self, name: str, value: str | None) -> None:
        if value is None:
            self._db.execute("DELETE FROM notes WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def _refuse_when_full(self, size: int) -> None:
        if self.bytes + size > self.limit:
            raise SpoolFull(
                f"The spool {self.path} holds {self.bytes:,} of at most {self.limit:,} bytes.",
                remedy="Bring the database back, so that it can be stored.",
            )
        if self.free_disk() < self.reserve + size:
            raise SpoolFull(
                f"The disk of {self.path} has less than {self.reserve:,} bytes free, which are never used.",
                remedy="Free some space; taking goes on by itself.",
            )

    def _open(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA page_size = 16384")  # entries are large
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA journal_size_limit = 16777216")
            db.execute("PRAGMA temp_store = MEMORY")
            db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise SpoolFull(f"The spool {self.path} cannot be opened: {error}.", remedy="Free some space.") from error
        return db

    def _count(self) -> None:
        query = "SELECT coalesce(sum(length(body) + ?), 0), coalesce(sum(rows), 0), coalesce(max(seq), 0) FROM entries"
        self.bytes, self.rows, self.last = self._db.execute(query, (ENTRY_OVERHEAD,)).fetchone()

    def _start_anew(self) -> None:
        """A new file in place of a full one of which everything is stored."""
        tags, notes = self._db.execute("SELECT number, name FROM tags").fetchall(), self.notes()
        self._db.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        self._db = self._open()
        with self._transaction():
            self._db.executemany("INSERT INTO tags VALUES (?, ?)", tags)
            self._db.executemany("INSERT INTO notes VALUES (?, ?)", list(notes.items()))
            self._db.execute("INSERT INTO sqlite_sequence VALUES ('entries', ?)", (self.last,))  # numbers go on
        self.bytes = self.rows = 0

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            if error.sqlite_errorcode & 0xFF not in _FULL:
                raise
            raise SpoolFull(
                f"The spool {self.path} cannot grow: {error}.", remedy="Free some space; taking goes on by itself."
            ) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")


def as_json(value: dict[str, object]) -> bytes:
    return json.dumps(value).encode()
