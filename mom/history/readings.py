"""Fetch readings in columns: a binary COPY that numpy reads as it is, a million values in a second."""

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
HEADER, TRAILER = 19, 2
ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("tag_size", ">i4"),
        ("tag", ">i4"),
        ("at_size", ">i4"),
        ("at", ">i8"),
        ("number_size", ">i4"),
        ("number", ">f8"),
        ("status_size", ">i4"),
        ("status", ">i8"),
    ]
)
"""One row of COPY's binary form where no value is NULL."""
LAST: LiteralString = """
    SELECT b.tag_id, b.at, b.number, b.status, b.text FROM unnest(%(tags)s::int[]) AS t(id) CROSS JOIN LATERAL (
      SELECT tag_id, at, number, status, text FROM readings r
      WHERE r.tag_id = t.id AND r.at <= %(start)s AND (r.status >> 30) & 3 = ANY(%(grades)s)
      ORDER BY r.at DESC LIMIT 1) b
"""
NUMBERS: LiteralString = """
    COPY (SELECT tag_id, at, coalesce(number, 'NaN'), status FROM readings
      WHERE tag_id = ANY(%(tags)s) AND at > %(start)s AND at <= %(end)s ORDER BY tag_id, at) TO STDOUT (FORMAT BINARY)
"""
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
    body = bytearray()
    async with connection.cursor() as cursor, cursor.copy(NUMBERS, values) as copy:
        async for part in copy:
            body += part
    rows = np.frombuffer(bytes(body[HEADER : len(body) - TRAILER]), ROW)
    found = _parted(rows)
    return {tag: _joined(before.get(tag), found.get(tag, NOTHING)) for tag in tags}


async def texts_of(
    connection: Connection, tags: Sequence[int], start: datetime | None, end: datetime | None
) -> dict[int, Values]:
    """The same for tags that tell texts."""
    if not tags:
        return {}
    values = {"tags": list(tags), "start": start or LONG_AGO, "end": end or FAR}
    rows: dict[int, list[tuple[int, str | None, int]]] = {}
    if start:
        for tag, at, _, status, text in await (
            await connection.execute(LAST, values | {"grades": [0, 1, 2, 3]})
        ).fetchall():
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


def _parted(rows: NDArray[Any]) -> dict[int, Values]:
    if not len(rows):
        return {}
    tags = rows["tag"].astype(np.int64)
    borders = np.flatnonzero(np.diff(tags)) + 1
    found = {}
    for part in np.split(rows, borders):
        at = part["at"].astype(np.int64) + POSTGRES_EPOCH
        good = is_good(part["status"].astype(np.int64))
        found[int(part["tag"][0])] = Values(at, part["number"].astype(np.float64), good)
    return found


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
