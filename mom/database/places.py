"""Where the built-in server's files lie: under the home; the data elsewhere if the server's user cannot reach it."""

import hashlib
import json
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from mom.database.account import Account, public_folder
from mom.errors import BadInput, InUse, Unavailable

LONGEST_SOCKET = 100
"""Bytes that a socket's path may have on every system (Linux 107, macOS 103), less a little."""
LONGEST_LOG = 10 * 2**20
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The places of the server of one home. Nothing is made before `prepare`."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "database"

    def lock(self, name: str) -> Path:
        """The file of a lock; `embedded.py` says what each is for."""
        return self.folder / f"{name}.lock"

    @property
    def facts(self) -> Path:
        """What a process needs to join: written when the server answers, taken away when it is stopped."""
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgresql.log"

    @cached_property
    def tag(self) -> str:
        """A short name for this home, for the folders that cannot lie in it."""
        return hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:10]

    def prepare(self) -> None:
        """Make the folders under the home. As root they may be entered, not listed, by the server's user."""
        mode = 0o711 if os.geteuid() == 0 else 0o700
        for folder in (self.home, self.folder, self.log.parent):
            try:
                folder.mkdir(mode=mode, parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise BadInput(
                    f"The folder {folder} for Lineside's data cannot be made: {error.strerror}.",
                    remedy="Set LINESIDE_HOME to a folder that you may write.",
                ) from error
            folder.chmod(mode)  # whatever the umask made of it

    def open_log(self) -> IO[bytes]:
        """The server's log, to append to."""
        return open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def shorten_log(self) -> None:
        """Put a long log aside and begin anew, in the same file: the server has it open."""
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    def write_facts(self, facts: dict[str, Any]) -> None:
        """Write `server.json`, readable by us alone."""
        write_whole(self.facts, json.dumps(facts))

    def read_facts(self) -> dict[str, Any] | None:
        """What `server.json` says; None when there is none."""
        try:
            facts = json.loads(self.facts.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def data(self, account: Account) -> Path:
        """The data folder: under the home, or under root's public folder where `account` cannot reach the home.

        Once chosen it stays: a note in the home says where. Raises Unavailable when the data that there were cannot be
        used: new, empty ones in their place would look like a loss of all.
        """
        inside, note = self.folder / "data", self.folder / "data-is-at.json"
        if note.exists():
            return self._noted(json.loads(note.read_text()))
        if account.can_reach(self.folder):
            return inside
        if (inside / "PG_VERSION").exists():
            raise Unavailable(
                f"The data in {inside} cannot be reached by {account.name}, the user whom the database runs as.",
                remedy="Let everybody enter the folders above it (chmod o+x), as when they were made.",
            )
        outside = _make_unused(public_folder() / f"home-{self.tag}")
        (outside / "home").write_text(f"The store of {self.home}\n")
        write_whole(note, json.dumps({"home": str(self.home), "data": str(outside / "data")}))
        return outside / "data"

    def _noted(self, said: dict[str, str]) -> Path:
        data, home = Path(said["data"]), Path(said["home"])
        if home != self.home and (home / "database" / "data-is-at.json").exists():
            raise Unavailable(
                f"{self.home} is a copy of {home}, and the data of both are in {data}.",
                remedy="Use another LINESIDE_HOME, and `lineside backup` and `restore` to copy a store.",
            )
        if not data.parent.is_dir():
            raise Unavailable(
                f"The data of {self.home} lay in {data}, which is gone.",
                remedy="Bring it back, or restore a backup into a new LINESIDE_HOME.",
            )
        return data

    def socket_folder(self, account: Account) -> Path:
        """A folder for the socket with a short path, which only `account` can enter. Raises InUse, Unavailable."""
        name = f"lineside-{os.geteuid()}-{self.tag}"
        for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
            folder = Path(base).resolve() / name
            if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET or not account.can_reach(folder.parent):
                continue
            try:
                folder.mkdir(mode=0o700, exist_ok=True)
            except OSError:
                continue
            kind = folder.lstat()
            if not stat.S_ISDIR(kind.st_mode) or kind.st_uid not in (os.geteuid(), account.uid):
                raise InUse(f"{folder} belongs to another user.", remedy="Remove it, or set TMPDIR to another folder.")
            folder.chmod(0o700)
            account.give(folder)
            return folder
        raise Unavailable(
            "No folder for the database's socket: its path may have 100 bytes.",
            remedy="Set TMPDIR to a writable folder with a short name.",
        )


def write_whole(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all, also if the power fails."""
    new = path.with_name(path.name + ".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _make_unused(path: Path) -> Path:
    """Make this folder or, if data of a home that was destroyed are there, one with a number: they are not ours."""
    number = 1
    while True:
        folder = path if number == 1 else path.with_name(f"{path.name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            continue
        folder.chmod(0o711)
        return folder
