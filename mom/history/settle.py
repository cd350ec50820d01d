"""Bring the store's rows to what was derived: right rows stay, open ones are closed, wrong ones superseded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from mom.history.made import Made
from mom.history.readings import micros
from mom.history.values import Span

Connection = psycopg.AsyncConnection[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of derived spans. `names`: tells rows of one start apart; `grows`: what an open row may still learn."""

    name: str
    columns: tuple[str, ...]
    names: tuple[str, ...] = ()
    grows: tuple[str, ...] = ()


STATES = Table("state_intervals", ("state", "detail", "mode"))
STOPS = Table("stops", ("state", "reason", "reason_by"), grows=("state", "reason", "reason_by"))
ALARMS = Table("alarms", ("tag_id", "code", "text", "stops"), names=("tag_id", "code"))
RUNS = Table("runs", ("order", "product"), grows=("order", "product"))


@dataclass(slots=True)
class Stored:
    """A current row."""

    id: int
    start: int
    end: int | None
    content: dict[str, Any]


def moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


async def settle(
    connection: Connection, table: Table, site: int, equipment: int, rows: Iterable[Made], start: int, end: int | None
) -> list[Span]:
    """Make the current rows of `equipment` that begin in [start, end) those in `rows`; the span that each one written
    changed: of one that lasts its start, of one that was only not finished its end."""
    stored = {_key(table, r.start, r.content): r for r in await _stored(connection, table, equipment, start, end)}
    new: list[Made] = []
    closed: list[tuple[Made, int]] = []
    for row in rows:
        before = stored.pop(_key(table, row.start, dict(row.content)), None)
        if before is None:
            new.append(row)
        elif before.end == row.end and before.content == dict(row.content):
            continue
        elif _completes(table, before, row):
            closed.append((row, before.id))
        else:
            new.append(row)
            stored[_key(table, row.start, before.content)] = before
    changed = [_span(row) for row in new] + [_span(row) for row in stored.values()]
    changed += [(row.start if row.end is None else row.end, _span(row)[1]) for row, _ in closed]
    wrong = [row.id for row in stored.values()]
    await _supersede(connection, table, wrong)
    await _complete(connection, table, closed)
    await _insert(connection, table, site, equipment, new)
    if wrong:
        await _link(connection, table, wrong)
    return changed


def _span(row: Made | Stored) -> Span:
    return row.start, row.start if row.end is None else row.end


def _key(table: Table, start: int, content: dict[str, Any]) -> tuple[Any, ...]:
    return (start, *(content[name] for name in table.names))


def _completes(table: Table, before: Stored, row: Made) -> bool:
    """Whether the row that is stored was only not finished: it lasted, or nobody had named it yet."""
    changed = {name for name, value in row.content if before.content[name] != value}
    if before.end is None:
        return changed <= set(table.grows)
    return before.end == row.end and bool(changed) and changed <= set(table.grows) and not before.content.get("reason")


async def _stored(connection: Connection, table: Table, equipment: int, start: int, end: int | None) -> list[Stored]:
    query = sql.SQL(
        "SELECT id, started_at, ended_at, {} FROM {} WHERE equipment_id = %s AND superseded_at IS NULL"
        " AND started_at >= %s AND started_at < %s"
    ).format(_names(table.columns), sql.Identifier(table.name))
    values = [equipment, moment(start), moment(end) if end is not None else "infinity"]
    rows = await (await connection.execute(query, values)).fetchall()
    return [
        Stored(
            r[0], micros(r[1]), micros(r[2]) if r[2] is not None else None, dict(zip(table.columns, r[3:], strict=True))
        )
        for r in rows
    ]


async def _supersede(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    if ids:
        query = sql.SQL("UPDATE {} SET superseded_at = now() WHERE id = ANY(%s)").format(sql.Identifier(table.name))
        await connection.execute(query, [list(ids)])


async def _link(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    """Tell each superseded row which current one covers its start."""
    same = sql.SQL(" AND n.tag_id = o.tag_id") if "tag_id" in table.columns else sql.SQL("")
    query = sql.SQL(
        "UPDATE {table} o SET superseded_by = n.id FROM {table} n WHERE o.id = ANY(%s) AND n.superseded_at IS NULL"
        " AND n.equipment_id = o.equipment_id AND n.started_at <= o.started_at"
        " AND (n.ended_at IS NULL OR n.ended_at > o.started_at){same}"
    ).format(table=sql.Identifier(table.name), same=same)
    await connection.execute(query, [list(ids)])


async def _complete(connection: Connection, table: Table, rows: Sequence[tuple[Made, int]]) -> None:
    if not rows:
        return
    sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in table.columns)
    query = sql.SQL("UPDATE {} SET ended_at = %s, {} WHERE id = %s").format(sql.Identifier(table.name), sets)
    async with connection.cursor() as cursor:
        await cursor.executemany(query, [[_end(row), *(row[name] for name in table.columns), id] for row, id in rows])


async def _insert(connection: Connection, table: Table, site: int, equipment: int, rows: Sequence[Made]) -> None:
    if not rows:
        return
    query = sql.SQL("COPY {} (site_id, equipment_id, started_at, ended_at, {}) FROM STDIN").format(
        sql.Identifier(table.name), _names(table.columns)
    )
    async with connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in rows:
            content = dict(row.content)
            await copy.write_row(
                (site, equipment, moment(row.start), _end(row), *(content[name] for name in table.columns))
            )


def _end(row: Made) -> datetime | None:
    return moment(row.end) if row.end is not None else None


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
