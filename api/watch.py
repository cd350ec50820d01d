"""A child's eye on its owner: a pipe whose writing end only the owner has, and which closes when the owner is gone."""

import os
import signal
import threading

VARIABLE = "LINESIDE_WATCH_FD"
GRACE = 5.0
"""Seconds that a child has to end by itself (flush its spool, finish its answer) after the owner's death."""


def watch_owner() -> None:
    """End this process when the owner named in the environment dies, however it dies. Nothing without an owner."""
    given = os.environ.pop(VARIABLE, None)  # for us, not for the processes that we start
    if given is not None:
        threading.Thread(target=_end_with, args=(int(given),), name="owner", daemon=True).start()


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: returns when the last writing end is closed
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
