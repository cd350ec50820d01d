"""One plant a home, one program a port: said before anything is started."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from mom.database import locks
from mom.errors import InUse
from mom.settings import Settings


@contextmanager
def claimed(settings: Settings) -> Iterator[None]:
    """Hold the home for the length of the block. Raises InUse: by whom, and where that one is reached."""
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / "running.json"
    try:
        lock = locks.take(path, wait=0)
    except locks.Busy:
        raise InUse(
            f"{settings.home} is in use already: {_who(path.read_text())}.",
            remedy="Stop that one first, or set LINESIDE_HOME to another folder.",
        ) from None
    try:
        check_port(settings.port)
        os.truncate(lock, 0)
        os.pwrite(lock, json.dumps({"pid": os.getpid(), "address": settings.base_url}).encode(), 0)
        yield
    finally:
        os.truncate(lock, 0)
        os.close(lock)


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Raises InUse when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InUse(
                f"Port {port} cannot be used: {error.strerror}.",
                remedy=f"Choose another, for example --port {port + 1}, or stop the program that has it.",
            ) from error


def _who(written: str) -> str:
    try:
        found = json.loads(written)
    except ValueError:  # it is just starting or stopping
        return "another one is starting or stopping there"
    return f"process {found['pid']} runs the plant there and serves {found['address']}"
