"""The monthly parts of `readings`. One that is missing costs speed, never a reading: the default part takes all."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import psycopg

ENSURE = "SELECT ensure_readings_month(%s)"
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""A clock that is wrong by centuries must not make tables: its readings stay in the default part."""


def months_of(times: Iterable[datetime]) -> list[datetime]:
    """The first moments (UTC) of the months that `times` (aware) lie in, oldest first, each once, within reason."""
    months = {datetime(at.year, at.month, 1, tzinfo=UTC) for at in (time.astimezone(UTC) for time in times)}
    return sorted(month for month in months if FIRST_YEAR <= month.year < LAST_YEAR)


async def ensure_partitions(connection: psycopg.AsyncConnection, months: Iterable[datetime]) -> int:
    """Make the parts for the months of these times where missing; returns how many were made.

    In the caller's transaction, which should hold nothing else: who writes readings first can deadlock with another.
    """
    made = 0
    for month in months_of(months):
        row = await (await connection.execute(ENSURE, [month])).fetchone()
        made += bool(row and row[0])
    return made


def ensure_around(connection: psycopg.Connection, now: datetime) -> None:
    """Make the parts for last month to the month after next, where missing."""
    first = now.astimezone(UTC).replace(day=15)
    for month in months_of(first + timedelta(days=30 * step) for step in (-1, 0, 1, 2)):
        connection.execute(ENSURE, [month])
