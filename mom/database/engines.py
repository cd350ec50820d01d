"""SQLAlchemy engines on psycopg: one that writes, one that can only read."""

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

READ_SECONDS = 30
"""No question that is asked of the store may take longer."""
READ_OPTIONS = {
    "default_transaction_read_only": "on",
    "statement_timeout": f"{READ_SECONDS}s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "120s",
}


def sqlalchemy_url(dsn: str) -> URL:
    """A postgresql:// address in SQLAlchemy's form, for psycopg 3."""
    return make_url(dsn).set(drivername="postgresql+psycopg")


def write_engine(dsn: str, *, pool_size: int = 5) -> AsyncEngine:
    """An engine for who writes."""
    return _engine(dsn, {}, pool_size)


def read_engine(dsn: str, *, role: str | None = None, pool_size: int = 5) -> AsyncEngine:
    """An engine whose transactions cannot write. `role`: become this one, where `dsn` signs in as another."""
    return _engine(dsn, READ_OPTIONS | ({"role": role} if role else {}), pool_size)


def _engine(dsn: str, options: dict[str, str], pool_size: int) -> AsyncEngine:
    url = sqlalchemy_url(dsn)
    given = str(url.query.get("options", ""))
    words = " ".join([given, *(f"-c {name}={value}" for name, value in options.items())]).strip()
    return create_async_engine(
        url.difference_update_query(["options"]),
        connect_args={"application_name": "lineside", "connect_timeout": 10} | ({"options": words} if words else {}),
        pool_size=pool_size,
        max_overflow=2 * pool_size,
        pool_pre_ping=True,  # a server that was started again is noticed here, not in somebody's work
    )
