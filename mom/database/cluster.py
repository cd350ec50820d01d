"""A database cluster on disk: made whole or not at all, with our roles, extensions and settings."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from mom.database.account import Account, our_name
from mom.errors import Unavailable

ADMIN, WRITER, READER = "postgres", "lineside", "lineside_reader"
DATABASE = "lineside"
FIRST_STATEMENTS = f"""
CREATE EXTENSION vector;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE ROLE {WRITER} LOGIN;
CREATE ROLE {READER} LOGIN;
GRANT pg_monitor, {READER} TO {WRITER};
CREATE DATABASE {DATABASE} OWNER {WRITER} TEMPLATE template1;
"""
"""Run in template1, so that every database here has the extensions; one statement a line, as single-user mode wants."""

INITDB_WORDS = (
    *("-U", ADMIN, "-A", "peer", "-E", "UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--no-instructions", "--no-sync"),
)
"""Without sync: it is done once, at the end."""

Spawn = Callable[..., "subprocess.Popen[bytes]"]


def settings(socket_folder: Path) -> dict[str, str]:
    """The server's settings: one machine, a few dozen sessions, readings in bulk; an answered commit is on disk."""
    return {
        "listen_addresses": "",  # the socket only
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_buffers_mb()}MB",
        "wal_level": "minimal",  # nobody replicates from here; backups are dumps
        "max_wal_senders": "0",
        "wal_buffers": "16MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "jit": "off",  # our queries are short: compiling them costs more than it saves
        "dynamic_shared_memory_type": "mmap",  # in the data folder: nothing is left in /dev/shm by kill -9
        "restart_after_crash": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
    }


def make(data: Path, account: Account, programs: Path, spawn: Spawn) -> None:
    """Make the cluster `data`, unless it is there: beside it first, then renamed. Raises Unavailable."""
    version = data / "PG_VERSION"
    if version.exists():
        return _check_version(version, programs)
    new = data.with_name("data.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    account.give(new)
    initdb: list[str | Path] = [programs / "initdb", "-D", new]
    _run(spawn, new, [*initdb, *INITDB_WORDS])
    single = ["--single", "-D", str(new), "-c", "exit_on_error=on", "-c", "fsync=off", "template1"]
    _run(spawn, new, [programs / "postgres", *single], FIRST_STATEMENTS)
    _run(spawn, new, [*initdb, "--sync-only"])
    new.rename(data)
    sync_folder(data.parent)
    return None


def write_access(data: Path, account: Account) -> None:
    """Who may connect: the user who runs us, known to the kernel, over the socket. No password to leak or lose."""
    for name, text in (
        ("pg_hba.conf", "local all all peer map=lineside\n"),
        ("pg_ident.conf", f'lineside "{our_name()}" all\n'),
    ):
        new = data / f"{name}.new"
        new.write_text(text)
        new.chmod(0o600)
        account.give(new)
        new.rename(data / name)


def clear_stale(data: Path, socket_folder: Path) -> None:
    """Remove what a killed server left, while holding the server's lock.

    A pid file there that names a living process, long another one, would refuse the start.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in socket_folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def is_ready(data: Path) -> bool:
    """Whether the server of `data` says that it takes connections."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def arguments(values: Mapping[str, str]) -> list[str]:
    """Settings as PostgreSQL's command line takes them."""
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _run(spawn: Spawn, folder: Path, words: list[str | Path], text: str = "") -> None:
    child = spawn(words, folder, stdin=subprocess.PIPE)
    said = child.communicate(text.encode())[0].decode(errors="replace")
    if child.returncode:
        raise Unavailable(
            f"The database could not be made ({Path(words[0]).name}): {_last_words(said)}",
            remedy="Free some disk space or choose another LINESIDE_HOME, then start again.",
        )


def _check_version(version: Path, programs: Path) -> None:
    found = version.read_text().strip()
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    ours = said.split()[2].split(".")[0]
    if found != ours:
        raise Unavailable(
            f"The data in {version.parent} are of PostgreSQL {found}, the program brings {ours}.",
            remedy="Back up with the Lineside that made them (./lineside backup), then restore here.",
        )


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    loud = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return " ".join((loud or lines)[-2:]) or "it said nothing."


def _buffers_mb() -> int:
    """An eighth of the memory, from 32 to 256 MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(32, min(256, memory // 8))
