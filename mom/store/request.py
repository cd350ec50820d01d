"""What is wanted of the store, so that much of it goes there together: one round trip, each request answered by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import psycopg
from sqlalchemy import TextClause, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
Statement = tuple[TextClause, Mapping[str, Any]]
"""With its values."""


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """`read` makes what is wanted of the rows of `statements`: a list for each, in their order."""

    statements: tuple[Statement, ...]
    read: Callable[..., T]


async def fetch(session: AsyncSession, request: Request[T]) -> T:
    return request.read(*await _rows_of(session, request.statements))


async def fetch_all(session: AsyncSession, requests: Mapping[str, Request[Any]]) -> dict[str, Any]:
    """Every request by its name; all in the session's transaction. Raises DBAPIError, as the session does."""
    rows = iter(await _rows_of(session, [one for request in requests.values() for one in request.statements]))
    return {name: request.read(*(next(rows) for _ in request.statements)) for name, request in requests.items()}


async def driver_of(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """psycopg's own connection under the session, in the same transaction."""
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    assert isinstance(connection, psycopg.AsyncConnection)
    return connection


async def _rows_of(session: AsyncSession, statements: Sequence[Statement]) -> list[Rows]:
    connection = await driver_of(session)
    cursors = [connection.cursor() for _ in statements]
    try:
        async with connection.pipeline():
            for cursor, (query, values) in zip(cursors, statements, strict=True):
                await cursor.execute(_sql(query), values)
        return [await cursor.fetchall() for cursor in cursors]
    except psycopg.Error as error:
        told = "; ".join(query.text for query, _ in statements)
        raise DBAPIError.instance(told, None, error, psycopg.Error) from error


@cache
def _sql(query: TextClause) -> bytes:
    """In psycopg's form. Statements are constants of the files that know them, so each is made once."""
    dialect = make_url("postgresql+psycopg://").get_dialect()
    return str(query.compile(dialect=dialect())).encode()
