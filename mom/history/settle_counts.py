"""Bring the store's counts and counter events to what was derived: minutes that changed are corrected in place."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, LiteralString

import numpy as np
import psycopg

from mom.history.made import MadeCount, MadeEvent
from mom.history.readings import micros
from mom.history.settle import moment
from mom.history.values import Span

Connection = psycopg.AsyncConnection[Any]
BLOCK = 5000
VALUES = ("ended_at", "product", "order", "shift", "produced", "good", "scrap", "rework")
STORED: LiteralString = """
    SELECT id, started_at, key, ended_at, product, "order", shift, produced, good, scrap, rework FROM counts
    WHERE equipment_id = %s AND source = 'plc'
      AND ((key = '' AND started_at >= %s AND started_at < %s) OR (key <> '' AND ended_at > %s AND ended_at <= %s))
"""
IDS: LiteralString = "SELECT nextval(pg_get_serial_sequence('counts', 'id')) FROM generate_series(1, %s)"
COPY: LiteralString = """
    COPY counts (id, site_id, equipment_id, source, key, started_at, ended_at, product, "order", shift,
      produced, good, scrap, rework) FROM STDIN
"""
CHANGE: LiteralString = """
    UPDATE counts SET ended_at = %s, product = %s, "order" = %s, shift = %s, produced = %s, good = %s, scrap = %s,
      rework = %s WHERE id = %s
"""
FORGET: LiteralString = "DELETE FROM scrap_counts WHERE count_id = ANY(%s)"
SCRAPPED: LiteralString = """
    SELECT count_id, reason, quantity FROM scrap_counts WHERE count_id = ANY(%s)
"""
EVENT: LiteralString = """
    INSERT INTO counter_events (site_id, tag_id, at, kind, before, after, bits) VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (tag_id, at) DO UPDATE SET kind = excluded.kind, before = excluded.before, after = excluded.after,
      bits = excluded.bits
"""
NOT_THEN: LiteralString = """
    DELETE FROM counter_events WHERE tag_id = ANY(%s) AND at > %s AND at <= %s AND NOT ((tag_id, at) IN
      (SELECT * FROM unnest(%s::int[], %s::timestamptz[])))
"""


async def settle_counts(
    connection: Connection, site: int, equipment: int, rows: Sequence[MadeCount], window: Span
) -> tuple[int, int]:
    """Make the counts told of in `window` those in `rows`; returns how many are new, how many were corrected.

    A minute that turns out empty is set to nothing and keeps its id.
    """
    low, high = moment(window[0]), moment(window[1])
    found = await (await connection.execute(STORED, [equipment, low, high, low, high])).fetchall()
    stored = {(micros(row[1]), row[2]): row for row in found}
    scrap = await _scrap(connection, [row[0] for row in found])
    new: list[MadeCount] = []
    changed: list[tuple[int, MadeCount]] = []
    for count in rows:
        key = _key(equipment, count)
        row = stored.pop((count.start, key), None)
        if row is None:
            new.append(count)
        elif tuple(row[3:]) != _values(count) or scrap.get(row[0], {}) != dict(count.scrap_by):
            changed.append((row[0], count))
    for row in stored.values():
        if any(row[7:]):
            end = micros(row[3])
            changed.append((row[0], MadeCount(micros(row[1]), end, 0, 0, 0, 0, row[4], row[5], row[6], key=row[2])))
    await _change(connection, changed)
    await _insert(connection, site, equipment, new)
    return len(new), len(changed)


async def settle_events(
    connection: Connection, site: int, tags: Sequence[int], events: Sequence[MadeEvent], window: Span
) -> None:
    """The same for what counters did that they should not."""
    then = [[event.tag for event in events], [moment(event.at) for event in events]]
    await connection.execute(NOT_THEN, [list(tags), moment(window[0]), moment(window[1]), *then])
    if events:
        async with connection.cursor() as cursor:
            await cursor.executemany(
                EVENT, [[site, e.tag, moment(e.at), e.kind, e.before, e.after, e.bits] for e in events]
            )


def _key(equipment: int, count: MadeCount) -> str:
    return f"{count.key}:{equipment}:{count.start}:{count.end}" if count.key else ""


def _values(count: MadeCount) -> tuple[Any, ...]:
    amounts = (count.produced, count.good, count.scrap, count.rework)
    return (moment(count.end), count.product, count.order, count.shift, *amounts)


async def _scrap(connection: Connection, ids: list[int]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    if ids:
        for id, reason, quantity in await (await connection.execute(SCRAPPED, [ids])).fetchall():
            found.setdefault(id, {})[reason] = quantity
    return found


async def _change(connection: Connection, rows: Sequence[tuple[int, MadeCount]]) -> None:
    if not rows:
        return
    await connection.execute(FORGET, [[id for id, _ in rows]])
    async with connection.cursor() as cursor:
        await cursor.executemany(CHANGE, [[*_values(count), id] for id, count in rows])
    await _copy_scrap(connection, rows)


async def _insert(connection: Connection, site: int, equipment: int, counts: Sequence[MadeCount]) -> None:
    if not counts:
        return
    ids = [row[0] for row in await (await connection.execute(IDS, [len(counts)])).fetchall()]
    starts, ends = _stamps([count.start for count in counts]), _stamps([count.end for count in counts])
    fixed = f"{site}\t{equipment}\tplc"
    lines = [
        f"{id}\t{fixed}\t{_key(equipment, c)}\t{start}\t{end}\t{_text(c.product)}\t{_text(c.order)}\t{_text(c.shift)}"
        f"\t{c.produced!r}\t{c.good!r}\t{c.scrap!r}\t{c.rework!r}\n"
        for id, c, start, end in zip(ids, counts, starts, ends, strict=True)
    ]
    await _copy(connection, COPY, lines)
    await _copy_scrap(connection, list(zip(ids, counts, strict=True)))


async def _copy_scrap(connection: Connection, rows: Sequence[tuple[int, MadeCount]]) -> None:
    lines = [f"{id}\t{_text(reason)}\t{n!r}\n" for id, count in rows for reason, n in count.scrap_by.items()]
    if lines:
        await _copy(connection, "COPY scrap_counts FROM STDIN", lines)


async def _copy(connection: Connection, statement: LiteralString, lines: Sequence[str]) -> None:
    """Whole blocks of COPY's text form: a tenth of the time of row by row."""
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, len(lines), BLOCK):
            await copy.write("".join(lines[start : start + BLOCK]))


def _stamps(times: Sequence[int]) -> list[str]:
    told: list[str] = np.datetime_as_string(np.array(times, "datetime64[us]"), timezone="UTC").tolist()
    return told


@lru_cache(maxsize=4096)
def _text(value: str | None) -> str:
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
