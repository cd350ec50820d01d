"""Means of five minutes of each measured quantity: what rules that look back over days read instead of every value.

A mean is of good readings only. Beside it, the mean of those taken while the machine ran: a torque at rest says
nothing. Late readings, or late news of a state, bring the same rows.
"""

from typing import Any, LiteralString

import numpy as np
import psycopg
from numpy.typing import NDArray

from mom.history.packml import PRODUCING
from mom.history.readings import POSTGRES_EPOCH, numbers_of
from mom.history.settle import moment
from mom.history.values import FOREVER, MINUTE, SECOND, Means, Span, Values

Connection = psycopg.AsyncConnection[Any]
MEASURED = ("signal", "speed", "energy")
"""Meanings of tags that are measured; energy is a total, of which the first and last value count."""
SLOT = 5 * MINUTE
SETTLED, BEFORE_IT_ENDS = MINUTE, 15 * SECOND
"""A reading counts as of a running machine so long after it began to run, and so long before it ceased to: machines
settle, and two clocks differ by seconds."""
TAGS: LiteralString = (
    "SELECT id FROM tags WHERE equipment_id = %s AND active AND meaning = ANY(%s) AND config ->> 'type' <> 'text'"
)
STATES: LiteralString = """
    SELECT string_agg(timestamptz_send(started_at), ''::bytea ORDER BY started_at),
      string_agg(boolsend(state = ANY(%s) AND mode = ''), ''::bytea ORDER BY started_at) FROM state_intervals
    WHERE equipment_id = %s AND superseded_at IS NULL AND started_at < %s AND (ended_at IS NULL OR ended_at > %s)
"""
"""States follow each other without holes: where the next one begins, the last one ended."""
PUT: LiteralString = """
    INSERT INTO signal_means AS m (tag_id, at, n, mean, low, high, first, last, running_n, running_mean, running_spread)
    SELECT %(tag)s, * FROM unnest(%(at)s::timestamptz[], %(n)s::int[], %(mean)s::float8[], %(low)s::float8[],
      %(high)s::float8[], %(first)s::float8[], %(last)s::float8[], %(running_n)s::int[], %(running_mean)s::float8[],
      %(running_spread)s::float8[])
    ON CONFLICT (tag_id, at) DO UPDATE SET n = excluded.n, mean = excluded.mean, low = excluded.low,
      high = excluded.high, first = excluded.first, last = excluded.last, running_n = excluded.running_n,
      running_mean = excluded.running_mean, running_spread = excluded.running_spread
    WHERE (m.n, m.mean, m.running_n, m.last) IS DISTINCT FROM
      (excluded.n, excluded.mean, excluded.running_n, excluded.last)
    RETURNING xmax = 0
"""


async def derive_means(connection: Connection, equipment: int, touched: Span) -> bool:
    """Make the means of an equipment's signals anew where they were touched; whether new ones were begun."""
    ids = [row[0] for row in await (await connection.execute(TAGS, [equipment, list(MEASURED)])).fetchall()]
    if not ids:
        return False
    start = touched[0] // SLOT * SLOT
    end = min(touched[1] // SLOT * SLOT + SLOT, FOREVER // SLOT * SLOT)
    values = await numbers_of(connection, ids, moment(start - 1), moment(end - 1))
    edges, running = await _running(connection, equipment, (start, end))
    begun = False
    for tag, some in values.items():
        means = means_of(_within(some, start), edges, running)
        if len(means.at):
            begun |= await _put(connection, tag, means)
    return begun


def means_of(values: Values, edges: NDArray[np.int64], running: NDArray[np.bool_]) -> Means:
    """`running[i]`: whether the machine ran from `edges[i]` to the next; no edges: nobody knows, taken as running."""
    good = values.trusted()
    if not len(good.at):
        return _NONE
    slots, place = np.unique(good.at // SLOT, return_inverse=True)
    count, starts = len(slots), np.searchsorted(place, np.arange(len(slots)))
    ran = _ran(good.at, edges, running) if len(edges) else good.good
    n, some = np.bincount(place, minlength=count), place[ran]
    running_n = np.bincount(some, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(some, good.number[ran], count) / running_n
        about = np.bincount(some, (good.number[ran] - mean[some]) ** 2, count) / running_n
    return Means(
        slots * SLOT,
        n,
        np.bincount(place, good.number, count) / n,
        np.minimum.reduceat(good.number, starts),
        np.maximum.reduceat(good.number, starts),
        good.number[starts],
        good.number[np.append(starts[1:], len(place)) - 1],
        running_n,
        mean,
        np.sqrt(about),
    )


def _ran(at: NDArray[np.int64], edges: NDArray[np.int64], running: NDArray[np.bool_]) -> NDArray[np.bool_]:
    before, after = (running[np.maximum(np.searchsorted(edges, at + shift, side="right") - 1, 0)] for shift in _AROUND)
    settled: NDArray[np.bool_] = before & after & running[np.maximum(np.searchsorted(edges, at, side="right") - 1, 0)]
    return settled


_AROUND = (-SETTLED, BEFORE_IT_ENDS)
_NONE = Means(*(np.empty(0, np.int64),) * 2, *(np.empty(0),) * 5, np.empty(0, np.int64), *(np.empty(0),) * 2)


def _within(values: Values, start: int) -> Values:
    keep = values.at >= start
    return Values(values.at[keep], values.number[keep], values.good[keep])


async def _running(connection: Connection, equipment: int, span: Span) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """When it began to run or ceased to."""
    values = [list(PRODUCING), equipment, moment(span[1]), moment(span[0])]
    async with connection.cursor(binary=True) as cursor:
        rows = await (await cursor.execute(STATES, values)).fetchall()
    if not rows or rows[0][0] is None:
        return np.empty(0, np.int64), np.empty(0, np.bool_)
    at = np.frombuffer(rows[0][0], ">i8").astype(np.int64) + POSTGRES_EPOCH
    return at, np.frombuffer(rows[0][1], np.bool_)


async def _put(connection: Connection, tag: int, means: Means) -> bool:
    row = {
        "tag": tag,
        "at": [moment(at) for at in means.at.tolist()],
        "n": means.n.tolist(),
        "mean": means.mean.tolist(),
        "low": means.low.tolist(),
        "high": means.high.tolist(),
        "first": means.first.tolist(),
        "last": means.last.tolist(),
        "running_n": means.running_n.tolist(),
        "running_mean": _or_none(means.running_mean),
        "running_spread": _or_none(means.running_spread),
    }
    rows = await (await connection.execute(PUT, row)).fetchall()
    return any(new for (new,) in rows)


def _or_none(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]
