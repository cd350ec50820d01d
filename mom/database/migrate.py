"""Bring a database to the program's version: one at a time, all or nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from mom.database import partitions, roles
from mom.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
VERSIONS = MIGRATIONS / "versions"
LOCK = 7_205_759_403_792_794
"""The advisory lock under which databases are migrated: any number, always the same."""


def head() -> str:
    """The newest revision that the program has. A revision's id is the number that its file's name begins with."""
    return max(match[0] for path in VERSIONS.glob("*.py") if (match := re.match(r"\d{4}", path.name)))


def found(connection: psycopg.Connection) -> str | None:
    """The revision of a database; None for one without our tables."""
    if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def is_behind(revision: str | None) -> bool:
    """Whether a database at `revision` needs migrating. Raises Unavailable when it is newer than the program."""
    if revision is not None and revision > head():
        raise Unavailable(
            f"The database is at revision {revision}, made by a newer Lineside; this one knows {head()}.",
            remedy="Start the newer version, or restore a backup of this one's.",
        )
    return revision != head()


def migrate(dsn: str, now: datetime | None = None) -> list[str]:
    """Migrate the database `dsn` to the newest revision, with its roles and the months around `now`.

    Returns the revisions that were applied, oldest first. Several may call it at once: the others wait.
    """
    from alembic import command  # takes a moment to import, and is needed only when something is to be done

    with psycopg.connect(dsn, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        before = found(guard)
        if is_behind(before):
            with configured(dsn) as config:
                command.upgrade(config, "head")
        with guard.transaction():
            roles.grant(guard)
            if now is not None:
                partitions.ensure_around(guard, now)
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    return [number for number in numbers if before is None or number > before]


@contextmanager
def configured(dsn: str) -> Iterator["Config"]:
    """Alembic's configuration with an open transaction on `dsn`, committed at the end."""
    from alembic.config import Config
    from sqlalchemy import NullPool, create_engine

    from mom.database.engines import sqlalchemy_url

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    engine = create_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config
