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
from mom.history.values import FOREVER, MINUTE, SECOND, Means, Span, Times, Values

Connection = psycopg.AsyncConnection[Any]
MEASURED = ("signal", "speed", "energy")
"""Meanings of tags that are measured; energy is a total, of which the first and last value count."""
SLOT = 5 * MINUTE
SETTLED = BEFORE_IT_ENDS = 15 * SECOND
"""A reading counts as of a running machine so long after it began to run, and so long before it ceased to: two clocks
differ by seconds."""
LAGS = (2 * MINUTE, 5 * MINUTE, 15 * MINUTE)
FORGOTTEN = 60 * MINUTE
"""States are looked at from so long before: nothing of an earlier load is left."""
FAINT = 0.05
"""After a silence it is not known which load was left, until so little of that time is left itself."""
Flags = NDArray[np.bool_]
TAGS: LiteralString = (
    "SELECT id FROM tags WHERE equipment_id = %s AND active AND meaning = ANY(%s) AND config ->> 'type' <> 'text'"
)
STATES: LiteralString = """
    SELECT string_agg(timestamptz_send(started_at), ''::bytea ORDER BY started_at),
      string_agg(boolsend(state = ANY(%s) AND mode = ''), ''::bytea ORDER BY started_at),
      string_agg(boolsend(state = 'Unknown'), ''::bytea ORDER BY started_at) FROM state_intervals
    WHERE equipment_id = %s AND superseded_at IS NULL AND started_at < %s AND (ended_at IS NULL OR ended_at > %s)
"""
"""States follow each other without holes: where the next one begins, the last one ended."""
PUT: LiteralString = """
    INSERT INTO signal_means AS m (tag_id, at, n, mean, low, high, first, last, running_n, running_mean, running_spread,
      share, load_2, load_5, load_15)
    SELECT %(tag)s, * FROM unnest(%(at)s::timestamptz[], %(n)s::int[], %(mean)s::float8[], %(low)s::float8[],
      %(high)s::float8[], %(first)s::float8[], %(last)s::float8[], %(running_n)s::int[], %(running_mean)s::float8[],
      %(running_spread)s::float8[],
      %(share)s::float8[], %(load_2)s::float8[], %(load_5)s::float8[], %(load_15)s::float8[])
    ON CONFLICT (tag_id, at) DO UPDATE SET n = excluded.n, mean = excluded.mean, low = excluded.low,
      high = excluded.high, first = excluded.first, last = excluded.last, running_n = excluded.running_n,
      running_mean = excluded.running_mean, running_spread = excluded.running_spread, share = excluded.share,
      load_2 = excluded.load_2, load_5 = excluded.load_5, load_15 = excluded.load_15
    WHERE (m.n, m.mean, m.running_n, m.last, m.share, m.load_15) IS DISTINCT FROM
      (excluded.n, excluded.mean, excluded.running_n, excluded.last, excluded.share, excluded.load_15)
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
    edges, running, unknown = await _running(connection, equipment, (start - FORGOTTEN, end))
    begun = False
    for tag, some in values.items():
        means = means_of(_within(some, start), edges, running, unknown)
        if len(means.at):
            begun |= await _put(connection, tag, means)
    return begun


def means_of(values: Values, edges: Times, running: Flags, unknown: Flags | None = None) -> Means:
    """`running[i]`: whether the machine ran from `edges[i]` to the next; no edges: nobody knows, taken as running."""
    good = values.trusted()
    if not len(good.at):
        return _NONE
    slots, place = np.unique(good.at // SLOT, return_inverse=True)
    count, starts = len(slots), np.searchsorted(place, np.arange(len(slots)))
    ran = _ran(good.at, edges, running) if len(edges) else good.good
    if unknown is not None and unknown.any():
        ran = ran & (load(good.at, edges, unknown, LAGS[-1]) < FAINT)
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
        _shares(slots * SLOT, edges, running),
        _mean_loads(good.at[ran], some, count, edges, running),
    )


def _ran(at: Times, edges: Times, running: Flags) -> Flags:
    """Whether the machine ran, and ran a little before and after."""
    near = (running[np.maximum(np.searchsorted(edges, at + shift, side="right") - 1, 0)] for shift in _AROUND)
    settled: Flags = np.logical_and.reduce(list(near))
    return settled


def _shares(slots: Times, edges: Times, running: Flags) -> NDArray[np.float64]:
    """Which share of each slot it ran."""
    if not len(edges):
        return np.full(len(slots), np.nan)
    lasts = np.diff(edges) * running[:-1]
    ran = np.concatenate(([0], np.cumsum(lasts)))

    def until(at: Times) -> Times:
        place = np.maximum(np.searchsorted(edges, at, side="right") - 1, 0)
        upto: Times = ran[place] + np.maximum(at - edges[place], 0) * running[place]
        return upto

    return (until(slots + SLOT) - until(slots)) / SLOT


def _mean_loads(at: Times, place: NDArray[np.intp], count: int, edges: Times, running: Flags) -> NDArray[np.float64]:
    n = np.bincount(place, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.column_stack([np.bincount(place, load(at, edges, running, lag), count) / n for lag in LAGS])


def load(at: Times, edges: Times, running: Flags, lag: int) -> NDArray[np.float64]:
    """A first-order lag of running (1) and not running (0), at these moments: what heat, current or pressure follow."""
    if not len(edges):
        return np.ones(len(at))
    goal = running.astype(np.float64)
    level = goal[:1].tolist()
    for target, keep in zip(goal[:-1].tolist(), np.exp(-np.diff(edges) / lag).tolist(), strict=True):
        level.append(target + (level[-1] - target) * keep)
    place = np.maximum(np.searchsorted(edges, at, side="right") - 1, 0)
    kept = np.exp(-np.maximum(at - edges[place], 0) / lag)
    found: NDArray[np.float64] = goal[place] + (np.array(level)[place] - goal[place]) * kept
    return found


_AROUND = (-SETTLED, 0, BEFORE_IT_ENDS)
_NONE = Means(
    *(np.empty(0, np.int64),) * 2, *(np.empty(0),) * 5, np.empty(0, np.int64), *(np.empty(0),) * 3, np.empty((0, 3))
)


def _within(values: Values, start: int) -> Values:
    keep = values.at >= start
    return Values(values.at[keep], values.number[keep], values.good[keep])


async def _running(connection: Connection, equipment: int, span: Span) -> tuple[Times, Flags, Flags]:
    """When its states began, whether it ran in them, whether they were not known."""
    values = [list(PRODUCING), equipment, moment(span[1]), moment(span[0])]
    async with connection.cursor(binary=True) as cursor:
        rows = await (await cursor.execute(STATES, values)).fetchall()
    if not rows or rows[0][0] is None:
        return np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.bool_)
    at = np.frombuffer(rows[0][0], ">i8").astype(np.int64) + POSTGRES_EPOCH
    return at, np.frombuffer(rows[0][1], np.bool_), np.frombuffer(rows[0][2], np.bool_)


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
        "share": _or_none(means.share),
        "load_2": _or_none(means.loads[:, 0]),
        "load_5": _or_none(means.loads[:, 1]),
        "load_15": _or_none(means.loads[:, 2]),
    }
    rows = await (await connection.execute(PUT, row)).fetchall()
    return any(new for (new,) in rows)


def _or_none(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]
