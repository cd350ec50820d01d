"""The process between us and our PostgreSQL: starts it, starts it again when it dies, stops it when nobody uses it.

It waits for the lock that every user of the server shares. The kernel gives it the lock when the last of them has
gone, killed or not, and from then on nobody can join: no owner's death leaves a server behind, and no server stops
under a user.
Run as `python -m mom.database.keeper ORDER`, with ORDER a JSON object {"home", "programs", "settings"}; it needs the
standard library only. It answers with one line on standard output: {"ready": true}, or {"error", "remedy"}.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from mom.database import binaries, child, cluster, locks, orphans
from mom.database.account import server_account
from mom.database.places import Places
from mom.errors import LinesideError, Unavailable

STOPPING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""How a server is ended, and the seconds each way has. After the first it need not recover at its next start."""
LOG_EVERY = 60.0
"""Seconds between two looks at the log's length."""
LONG_LIFE, LONGEST_PAUSE = 10.0, 2.0
"""Seconds: a server that dies younger than this is started again after a pause that grows up to that."""


class Stopped(Exception):
    """Nobody uses the server any more."""


class Keeper:
    """Keeps the server of one home."""

    def __init__(self, home: Path, programs: Path, settings: Mapping[str, str]) -> None:
        self.places = Places(home)
        self.account = server_account()
        self.programs = binaries.programs_for(self.account, programs)
        self.data = self.places.data(self.account)
        self.socket_folder = self.places.socket_folder(self.account)
        self.settings = {**cluster.settings(self.socket_folder), **settings}
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = self._lived = False
        self._gate = threading.Lock()  # between a start and the stop

    def run(self) -> None:
        """Serve until nobody uses the server. Raises LinesideError when it cannot be started."""
        for work in (self._stop_when_unused, self._shorten_log):
            threading.Thread(target=work, daemon=True).start()
        try:
            self._serve()
        except Stopped:
            pass
        finally:
            self.places.facts.unlink(missing_ok=True)
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _serve(self) -> None:
        """Once it has served it is started again for as long as somebody uses it, however often it dies."""
        patience, pause = 3.0, 0.0
        while True:
            began = time.monotonic()
            try:
                if self._serve_once(patience) == 0:  # somebody stopped it on purpose
                    return
            except Unavailable as error:
                if not self._lived:
                    raise
                print(error, file=sys.stderr, flush=True)  # noqa: T201  to the log
            long = time.monotonic() - began > LONG_LIFE
            pause = 0.0 if long else min(LONGEST_PAUSE, 2 * pause + 0.05)
            patience = 0.1  # its sessions are orphans: no need to wait for them
            time.sleep(pause)

    def _serve_once(self, patience: float) -> int:
        """One life of the server; returns its exit status."""
        both = (self.data, self.data.with_name("data.new"))
        server_lock = orphans.take_server_lock(self.data.with_name("server.lock"), both, patience=patience)
        try:
            cluster.make(self.data, self.account, self.programs, partial(self._spawn, keep=[server_lock]))
            cluster.write_access(self.data, self.account)
            cluster.clear_stale(self.data, self.socket_folder)
            server = self._start(server_lock)
        finally:
            os.close(server_lock)  # the server's processes have it now: it tells whether any is left
        self._wait_until_ready(server)
        self.places.write_facts({"socket": str(self.socket_folder), "data": str(self.data), "keeper": os.getpid()})
        self._lived = True
        answer({"ready": True})
        code = server.wait()
        if self._stopping:
            raise Stopped
        return code

    def _start(self, server_lock: int) -> subprocess.Popen[bytes]:
        with self.places.open_log() as log:
            words: list[str | Path] = [self.programs / "postgres", "-D", self.data, *cluster.arguments(self.settings)]
            return self._spawn(words, self.data, keep=[server_lock], output=log.fileno())

    def _spawn(self, words: list[str | Path], folder: Path, **more: Any) -> subprocess.Popen[bytes]:
        with self._gate:
            if self._stopping:
                raise Stopped
            self._child = child.spawn(words, self.account, folder, **more)
            return self._child

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        """However long its recovery takes: who waits for us has a patience of their own."""
        while not cluster.is_ready(self.data):
            if server.poll() is not None:
                if self._stopping:
                    raise Stopped
                raise Unavailable(f"The database does not start: {_tail(self.places.log)}", remedy="Read the log.")
            time.sleep(0.003)

    def _shorten_log(self) -> None:
        while True:
            self.places.shorten_log()
            time.sleep(LOG_EVERY)

    def _stop_when_unused(self) -> None:
        locks.take(self.places.lock("users"), wait=None)  # and keep it: until we have ended nobody joins
        with self._gate:
            self._stopping = True
            running = self._child
        if running is None:
            return
        for number, seconds in STOPPING:
            running.send_signal(number)
            try:
                running.wait(seconds)
                return
            except subprocess.TimeoutExpired:
                continue


def _tail(log: Path) -> str:
    """The last words of the log."""
    lines = log.read_text(errors="replace").splitlines()
    return " ".join(line.split("  ", 1)[-1] for line in lines[-3:])


def answer(said: dict[str, Any]) -> None:
    """Tell whoever started us, once; then leave their pipe."""
    if sys.stdout.closed:
        return
    with suppress(BrokenPipeError):  # they did not wait
        print(json.dumps(said), flush=True)  # noqa: T201  this is the answer, to a program
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def main(order: str) -> int:
    """Keep the server that `order` (JSON) describes; the exit status."""
    wanted = json.loads(order)
    places = Places(Path(wanted["home"]))
    try:
        with locks.holding(places.lock("keeper"), wait=5):
            Keeper(places.home, Path(wanted["programs"]), wanted["settings"]).run()
    except locks.Busy:
        answer({"error": f"Another process keeps the database of {places.home} and does not answer."})
        return 1
    except LinesideError as error:
        answer({"error": str(error.args[0]), "remedy": error.remedy})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
