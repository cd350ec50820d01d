"""Running PostgreSQL's own programs (pg_dump, psql) on a database, without a password in any command line."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from mom.database.binaries import programs
from mom.errors import Unavailable


def run_program(name: str, dsn: str | None, words: Sequence[str | Path]) -> None:
    """Run it, on the database `dsn` if it needs one, and wait. Raises Unavailable with what it said last."""
    address, password = _without_password(dsn) if dsn else (None, None)
    environment = {"PATH": os.defpath, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    environment |= {key: value for key, value in os.environ.items() if key in ("HOME", "TMPDIR", "PGPASSFILE")}
    command = [str(programs() / name), *([f"--dbname={address}"] if address else []), *map(str, words)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split("\n")[-3:]).strip() or f"exit status {done.returncode}"
        raise Unavailable(
            f"{name} failed: {said}",
            remedy="Nothing was changed. For a server that asks for TLS use its own backup programs.",
        )


def _without_password(dsn: str) -> tuple[str, str | None]:
    parts = urlsplit(dsn)
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    netloc = f"{name}@{host}" if name else host
    # an address without a host (a socket's folder is in the query) keeps its two slashes
    address = urlunsplit(parts._replace(netloc=netloc))
    if not netloc and "://" not in address:
        address = address.replace(":", "://", 1)
    return address, unquote(parts.password) if parts.password else None
