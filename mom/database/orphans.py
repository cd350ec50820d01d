"""Server processes that nobody keeps: after kill -9 of the server, busy sessions live on and block the next start."""

import os
import signal
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from mom.database import locks
from mom.errors import InUse


def take_server_lock(path: Path, folders: Collection[Path], *, patience: float) -> int:
    """The lock that every server process inherits, once none is left; returns its descriptor.

    Who still holds it after `patience` seconds is told to quit, then killed: every process that works in one of
    `folders`. Raises InUse when that does not help (it runs on another machine or in another container).
    """
    for number, wait in ((None, patience), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0)):
        if number is not None:
            for process in working_in(folders):
                _signal(process, number)
        try:
            return locks.take(path, wait=wait)
        except locks.Busy:
            continue
    raise InUse(
        f"A database server still works on {path.parent}, and its processes cannot be seen from here.",
        remedy="Stop the Lineside that uses this home in another container, or choose another LINESIDE_HOME.",
    )


def working_in(folders: Collection[Path]) -> list[int]:
    """The processes whose working folder is one of `folders`. Linux; elsewhere none are found."""
    wanted = {str(folder) for folder in folders} | {f"{folder} (deleted)" for folder in folders}
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") in wanted:
                found.append(int(entry.name))
        except OSError:
            continue  # it has just ended, or belongs to somebody else
    return found


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)
