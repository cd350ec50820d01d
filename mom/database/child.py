"""Starting PostgreSQL's programs: as its user, with a clean environment, ended by the kernel when their parent dies."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import IO

from mom.database.account import Account

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork: loading after it can deadlock


def spawn(
    words: list[str | Path],
    account: Account,
    folder: Path,
    *,
    keep: Collection[int] = (),
    stdin: int = subprocess.DEVNULL,
    output: IO[bytes] | int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a program in `folder`; it inherits the descriptors `keep`.

    Call it from the main thread only: the death signal follows the thread that spawned, not the process.
    """
    parent = os.getpid()

    def bind_to_parent() -> None:
        # after the change of user, which clears the signal
        if _LIBC is not None and _LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0):
            os._exit(72)
        if os.getppid() != parent:
            os._exit(73)  # the parent died between fork and prctl

    return subprocess.Popen(
        [str(word) for word in words],
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C in a terminal is for us to handle
        umask=0o077,
        pass_fds=tuple(keep),
        preexec_fn=bind_to_parent,
        user=account.uid if account.other else None,
        group=account.gid if account.other else None,
        extra_groups=[] if account.other else None,
    )
