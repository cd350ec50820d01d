"""Fetch readings in columns, as bytes that numpy reads as they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

import numpy as np
import psycopg
from numpy.typing import NDArray

from mom.history.values import NOTHING, Values

Connection = psycopg.AsyncConnection[Any]
POSTGRES_EPOCH = 946_684_800_000_000
"""PostgreSQL counts its microseconds from 2000-01-01."""
LAST: LiteralString = """
    SELECT b.tag_id, b.at, b.number, b.status, b.text FROM unnest(%(tags)s::int[]) AS t(id) CROSS JOIN LATERAL (
      SELECT tag_id, at, number, status, text FROM readings r
      WHERE r.tag_id = t.id AND r.at <= %(start)s AND (r.status >> 30) & 3 = ANY(%(grades)s)
      ORDER BY r.at DESC LIMIT 1) b
"""
NUMBERS: LiteralString = """
    SELECT tag_id, string_agg(timestamptz_send(at), ''::bytea ORDER BY at),
      string_agg(float8send(coalesce(number, 'NaN')), ''::bytea ORDER BY at),
      string_agg(int8send(status), ''::bytea ORDER BY at)
    FROM readings WHERE tag_id = ANY(%(tags)s) AND at > %(start)s AND at <= %(end)s GROUP BY tag_id
"""
"""A tag's readings as three strings of bytes, which numpy reads as they are."""
TEXTS: LiteralString = """
    SELECT tag_id, at, text, status FROM readings
    WHERE tag_id = ANY(%(tags)s) AND at > %(start)s AND at <= %(end)s ORDER BY tag_id, at
"""
LONG_AGO = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
FAR = datetime.fromisoformat("9999-12-30T00:00:00+00:00")


async def numbers_of(
    connection: Connection, tags: Sequence[int], start: datetime | None, end: datetime | None, *, trusted: bool = False
) -> dict[int, Values]:
    """Readings of number tags after `start`, up to and with `end`, and before them the last one at or before `start`.

    `trusted`: that last one must be good (what a counter goes on from).
    """
    if not tags:
        return {}
    values = {"tags": list(tags), "start": start or LONG_AGO, "end": end or FAR}
    before = await _last(connection, values, trusted) if start else {}
    async with connection.cursor(binary=True) as cursor:
        rows = await (await cursor.execute(NUMBERS, values)).fetchall()
    found = {tag: _columns(at, number, status) for tag, at, number, status in rows}
    return {tag: _joined(before.get(tag), found.get(tag, NOTHING)) for tag in tags}


async def texts_of(
    connection: Connection, tags: Sequence[int], start: datetime | None, end: datetime | None, *, trusted: bool = False
) -> dict[int, Values]:
    """The same for tags that tell texts."""
    if not tags:
        return {}
    values = {"tags": list(tags), "start": start or LONG_AGO, "end": end or FAR}
    rows: dict[int, list[tuple[int, str | None, int]]] = {}
    if start:
        last = await connection.execute(LAST, values | {"grades": [0] if trusted else [0, 1, 2, 3]})
        for tag, at, _, status, text in await last.fetchall():
            rows[tag] = [(micros(at), text, status)]
    for tag, at, text, status in await (await connection.execute(TEXTS, values)).fetchall():
        rows.setdefault(tag, []).append((micros(at), text, status))
    return {tag: _texts(rows.get(tag, [])) for tag in tags}


def micros(at: datetime) -> int:
    return round((at - _EPOCH) / timedelta(microseconds=1))


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


async def _last(connection: Connection, values: dict[str, Any], trusted: bool) -> dict[int, Values]:
    grades = [0] if trusted else [0, 1, 2, 3]
    rows = await (await connection.execute(LAST, values | {"grades": grades})).fetchall()
    return {tag: _single(micros(at), number, status) for tag, at, number, status, _ in rows}


def _single(at: int, number: float | None, status: int) -> Values:
    value = np.nan if number is None else number
    return Values(np.array([at], np.int64), np.array([value]), is_good(np.array([status], np.int64)))


def is_good(status: NDArray[np.int64]) -> NDArray[np.bool_]:
    """OPC UA: the two highest bits of 32 say good (0), uncertain (1) or bad (2, 3)."""
    good: NDArray[np.bool_] = (status >> 30) & 3 == 0
    return good


def _columns(at: bytes, number: bytes, status: bytes) -> Values:
    times = np.frombuffer(at, ">i8").astype(np.int64) + POSTGRES_EPOCH
    return Values(
        times, np.frombuffer(number, ">f8").astype(np.float64), is_good(np.frombuffer(status, ">i8").astype(np.int64))
    )


def _joined(first: Values | None, rest: Values) -> Values:
    if first is None:
        return rest
    return Values(
        np.concatenate((first.at, rest.at)),
        np.concatenate((first.number, rest.number)),
        np.concatenate((first.good, rest.good)),
    )


def _texts(rows: list[tuple[int, str | None, int]]) -> Values:
    at = np.array([row[0] for row in rows], np.int64)
    good = is_good(np.array([row[2] for row in rows], np.int64))
    return Values(at, np.full(len(rows), np.nan), good, [row[1] for row in rows])
