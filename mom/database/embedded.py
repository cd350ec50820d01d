"""The PostgreSQL of a home, for those who use it: join the one that runs, or have it started.

A server lives as long as somebody uses it, be it who started it or who joined. Files under `<home>/database`:

- `start.lock`   held for the moment of joining or starting: one at a time.
- `users.lock`   shared by every user for as long as it uses the server; the keeper waits to have it alone, then stops.
- `keeper.lock`  held by the keeper (`keeper.py`): whether there is one.
- `server.lock`  beside the data, inherited by every process of the server: whether any is left.
- `owner.lock`   held by who runs the plant from this home (`up`, `demo`): there is one, or none.
- `server.json`  where the server answers.
"""

import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from mom.database import locks
from mom.database.binaries import programs
from mom.database.cluster import ADMIN, DATABASE, READER, WRITER
from mom.database.places import SOCKET_NAME, Places
from mom.errors import InUse, Unavailable

CODE = Path(__file__).resolve().parents[2]
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""A question that every PostgreSQL answers with one byte before anybody has signed in."""


class EmbeddedServer:
    """The server of `home`, used from `start` to `stop` (or for a `with` block) by this process.

    `sole_owner` claims the home for running the plant: a second who claims it gets InUse with our process number.
    `settings` go to PostgreSQL if this is the one that starts it. `patience` is in seconds.
    """

    def __init__(
        self,
        home: Path,
        *,
        sole_owner: bool = False,
        settings: Mapping[str, str] | None = None,
        patience: float = 120.0,
    ) -> None:
        self.places = Places(Path(os.path.abspath(home)))
        self._sole_owner, self._settings, self._patience = sole_owner, dict(settings or {}), patience
        self._owner_lock: int | None = None
        self._users_lock: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._socket = ""

    def dsn(self, role: str = WRITER, database: str = DATABASE) -> str:
        """The address of a database here, as a URL. Roles: lineside (writes), lineside_reader, postgres (superuser)."""
        return f"postgresql://{role}@/{quote(database)}?host={quote(self._socket, safe='')}"

    def dsn_like(self, dsn: str, role: str) -> str:
        """The address of the same database for another role."""
        return self.dsn(role, unquote(urlsplit(dsn).path.lstrip("/")))

    @property
    def reader_dsn(self) -> str:
        """The address for who only reads."""
        return self.dsn(READER)

    @property
    def admin_dsn(self) -> str:
        """The address of the superuser: for backups and tests."""
        return self.dsn(ADMIN)

    def start(self) -> Self:
        """Join or start. Raises InUse when the home has an owner and we wanted to be it, Unavailable when it fails."""
        self.places.prepare()
        try:
            if self._sole_owner:
                self._owner_lock = self._claim()
            with self._patiently() as end:
                wait = max(0.0, end - time.monotonic())
                self._users_lock = locks.take(self.places.lock("users"), shared=True, wait=wait)
                self._find_or_start(end)
        except BaseException:
            self._leave()
            raise
        return self

    def ensure(self) -> None:
        """Have it started again if its keeper was killed; for who runs for long. Raises Unavailable.

        Nothing needs this when the server itself is killed: the keeper starts it again.
        """
        with self._patiently():
            self._find_or_start(time.monotonic() + self._patience)

    def stop(self) -> None:
        """Use it no longer. If nobody else does, the server is stopped, and this waits for it."""
        if self._users_lock is None:
            return self._leave()
        alone = locks.try_lock(self._users_lock)
        stops = alone or not locks.try_lock(self._users_lock, shared=True)
        self._leave()
        if stops:
            self._wait_for_end(30.0)
        return None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _patiently(self) -> Iterator[float]:
        """The moment of joining or starting, one at a time; gives the time (monotonic) at which to give up."""
        end = time.monotonic() + self._patience
        try:
            with locks.holding(self.places.lock("start"), wait=self._patience):
                yield end
        except locks.Busy as error:
            raise Unavailable(
                f"The database of {self.places.home} is being started or stopped by another process: {error}.",
                remedy="Try again in a minute.",
            ) from error

    def _claim(self) -> int:
        path = self.places.lock("owner")
        try:
            lock = locks.take(path, wait=0)
        except locks.Busy:
            raise InUse(
                f"{self.places.home} is in use by the process {path.read_text().strip() or '(unknown)'}.",
                remedy="Stop that one first, or set LINESIDE_HOME to another folder.",
            ) from None
        os.truncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        return lock

    def _find_or_start(self, end: float) -> None:
        """Called with the users' lock: from here on the server that we find stays."""
        while locks.is_held(self.places.lock("keeper")):
            if self._answers():
                return
            if time.monotonic() > end:
                raise Unavailable(
                    f"The database of {self.places.home} does not answer.", remedy=f"Read {self.places.log}."
                )
            time.sleep(0.02)
        self._start_keeper(end)
        if not self._answers():
            raise Unavailable("The database was started and does not answer.", remedy=f"Read {self.places.log}.")

    def _answers(self) -> bool:
        facts = self.places.read_facts()
        if facts is None:
            return False
        self._socket = str(facts["socket"])
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(f"{self._socket}/{SOCKET_NAME}")
                probe.sendall(SSL_REQUEST)
                return probe.recv(1) in (b"N", b"S")
            except OSError:
                return False

    def _start_keeper(self, end: float) -> None:
        order = json.dumps({"home": str(self.places.home), "programs": str(programs()), "settings": self._settings})
        environment = {"PATH": os.defpath, "PYTHONPATH": str(CODE), "PYTHONDONTWRITEBYTECODE": "1"}
        if "TMPDIR" in os.environ:
            environment["TMPDIR"] = os.environ["TMPDIR"]
        with self.places.open_log() as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "mom.database.keeper", order],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C in a terminal is for us to handle
            )
        said = _first_line(self._keeper, end)
        if "ready" not in said:
            raise Unavailable(
                said.get("error") or f"The database cannot be started: see {self.places.log}.",
                remedy=said.get("remedy"),
            )

    def _leave(self) -> None:
        for lock in (self._users_lock, self._owner_lock):
            if lock is not None:
                os.close(lock)
        self._users_lock = self._owner_lock = None

    def _wait_for_end(self, seconds: float) -> None:
        """Wait until the keeper has gone. It frees its own lock when the server has stopped, the users' by ending."""
        end = time.monotonic() + seconds
        for name in ("keeper", "users"):
            while locks.is_held(self.places.lock(name)) and time.monotonic() < end:
                time.sleep(0.005)
        if self._keeper is not None:
            self._keeper.poll()  # our child: no zombie


def _first_line(keeper: subprocess.Popen[bytes], end: float) -> dict[str, Any]:
    """What the keeper says within the time; an empty answer if it died without a word."""
    assert keeper.stdout is not None
    with keeper.stdout as pipe:
        said = b""
        while not said.endswith(b"\n"):
            if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
                raise Unavailable(
                    "The database did not start in time.", remedy="Look whether the disk is very slow or full."
                )
            part = os.read(pipe.fileno(), 65536)
            if not part:
                break
            said += part
    return dict(json.loads(said)) if said else {}
