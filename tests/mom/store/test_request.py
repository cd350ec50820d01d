"""Statements that go to the store together come back each with its own rows, or fail as the session fails."""

from typing import Any

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mom.store.request import Request, fetch, fetch_all

UP_TO = text("SELECT n, :word FROM generate_series(1, CAST(:n AS int)) AS s(n) ORDER BY n")
NOTHING = text("SELECT 1 WHERE false")
SLOW = text("SELECT pg_sleep(5)")


async def test_each_request_reads_its_own_rows_in_their_order(works: Any) -> None:
    requests: dict[str, Request[Any]] = {
        "two": Request(((UP_TO, {"n": 2, "word": "a:b"}), (NOTHING, {})), lambda rows, none: (rows, none)),
        "last": Request(((UP_TO, {"n": 3, "word": "100 %"}),), lambda rows: rows[-1]),
    }
    async with works.store.read() as session:
        found = await fetch_all(session, requests)
    assert found == {"two": ([(1, "a:b"), (2, "a:b")], []), "last": (3, "100 %")}


async def test_it_sees_what_its_session_wrote_and_did_not_commit(works: Any) -> None:
    name = Request(((text("SELECT name FROM sites WHERE id = :id"), {"id": works.site_id}),), lambda rows: rows[0][0])
    async with works.store.write() as session:
        await session.execute(text("UPDATE sites SET name = 'Other'"))
        assert await fetch(session, name) == "Other"
        await session.rollback()
        assert await fetch(session, name) == "Works"


async def test_a_statement_that_takes_too_long_fails_as_the_session_says_it(works: Any) -> None:
    both = Request(((SLOW, {}), (NOTHING, {})), lambda *rows: rows)
    async with works.store.read() as session:
        await session.execute(text("SET LOCAL statement_timeout = '50ms'"))
        with pytest.raises(DBAPIError) as raised:
            await fetch(session, both)
        assert isinstance(raised.value.orig, QueryCanceled)
        await session.rollback()
        assert await fetch(session, Request(((NOTHING, {}),), lambda rows: rows)) == []
