"""A PostgreSQL that we were given by DATABASE_URL: whether it is one that we can work with."""

from urllib.parse import urlsplit

import psycopg

from mom.errors import Unavailable

OLDEST = 150000
"""`server_version_num` of PostgreSQL 15."""
OLDEST_VECTOR = [0, 8]
"""pgvector's: earlier ones return too few rows, silently, when a search has filters."""


def check_server(dsn: str) -> None:
    """Raises Unavailable, with what its superuser must do, when the server lacks what we need."""
    try:
        connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        raise Unavailable(
            f"The database that DATABASE_URL names ({_without_password(dsn)}) does not answer: {said}.",
            remedy="Start it, correct DATABASE_URL, or unset it to use the built-in database.",
        ) from error
    with connection:
        version = connection.info.server_version
        if version < OLDEST:
            raise Unavailable(
                f"DATABASE_URL names a PostgreSQL {version // 10000}; 15 or later is needed.",
                remedy="Use a newer server, or unset DATABASE_URL to use the built-in database.",
            )
        _check_vector(connection)


def _check_vector(connection: psycopg.Connection) -> None:
    """The extension must be installed; we may make it only where the server lets us."""
    row = connection.execute(
        "SELECT installed_version, string_to_array(installed_version, '.')::int[] < %s::int[] "
        "FROM pg_available_extensions WHERE name = 'vector'",
        [OLDEST_VECTOR],
    ).fetchone()
    database = connection.info.dbname
    if row is None:
        raise Unavailable(
            f"The server of the database {database} lacks pgvector.",
            remedy="Install its package (Debian: postgresql-NN-pgvector), then let a superuser run, in this database: "
            "CREATE EXTENSION vector;",
        )
    if row[1]:
        raise Unavailable(
            f"The extension vector in the database {database} is version {row[0]}; 0.8 or later is needed.",
            remedy=f"Update its package, then let a superuser run, in the database {database}: "
            "ALTER EXTENSION vector UPDATE;",
        )
    if row[0] is None:
        try:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except psycopg.errors.InsufficientPrivilege as error:
            raise Unavailable(
                f"The extension vector is not in the database {database}, and its user may not add it.",
                remedy=f"Let a superuser run, in the database {database}: CREATE EXTENSION vector;",
            ) from error


def _without_password(dsn: str) -> str:
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
