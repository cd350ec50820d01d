"""What people said of stops, laid over what the machine said of them."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import psycopg

from mom.history.made import Made, made
from mom.history.readings import micros
from mom.history.values import FOREVER

REASONS: LiteralString = """
    SELECT started_at, ended_at, value ->> 'reason' FROM corrections
    WHERE equipment_id = %s AND kind = 'reason' AND withdrawn_at IS NULL ORDER BY id
"""
Said = tuple[int, int, str]
"""(start, end, reason), in the order in which it was said."""


async def reasons_said(connection: psycopg.AsyncConnection[Any], equipment: int) -> list[Said]:
    rows = await (await connection.execute(REASONS, [equipment])).fetchall()
    return [(micros(start), micros(end), reason) for start, end, reason in rows]


def with_reasons(stops: Iterable[Made], said: Sequence[Said]) -> list[Made]:
    """Each stop that a correction touches has its reason; of several the one said last."""
    return [_with_reason(stop, said) for stop in stops]


def _with_reason(stop: Made, said: Sequence[Said]) -> Made:
    end = FOREVER if stop.end is None else stop.end
    reason = next((reason for low, high, reason in reversed(said) if low < end and high > stop.start), None)
    if reason is None:
        return stop
    return made(stop.start, stop.end, **(dict(stop.content) | {"reason": reason, "reason_by": "person"}))
