"""Locks on files (`flock`). The kernel frees one when the last process that has it open is gone, however it died."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(TimeoutError):
    """Somebody else holds the lock, and did not let go in time."""


def try_lock(fd: int, *, shared: bool = False) -> bool:
    """Lock an open file without waiting; a lock that `fd` had is given up first. Returns whether it is ours now."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take(path: Path, *, shared: bool = False, wait: float | None) -> int:
    """Lock the file `path`, made if missing, and return its descriptor: closing it frees the lock.

    `wait` is in seconds; None waits for as long as it takes, woken by the kernel. Raises Busy.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if wait is None:
            fcntl.flock(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            return fd
        end = time.monotonic() + wait
        while not try_lock(fd, shared=shared):
            if time.monotonic() > end:
                raise Busy(f"{path} is held by another process")
            time.sleep(0.01)
    except BaseException:
        os.close(fd)
        raise
    return fd


@contextmanager
def holding(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock `path` for the length of a block. Raises Busy."""
    fd = take(path, wait=wait)
    try:
        yield
    finally:
        os.close(fd)


def is_held(path: Path) -> bool:
    """Whether somebody holds `path` alone. Asked with a shared lock: two who ask do not disturb each other."""
    try:
        os.close(take(path, shared=True, wait=0))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except Busy:
        return True
    return False
