"""One machine's pieces and one line's runs, derived anew around what was touched."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from mom.facts import ShiftSpan
from mom.history.counters import Counter, increments
from mom.history.counts import Channel, Held, minute_counts
from mom.history.made import MadeEvent
from mom.history.readings import micros, numbers_of, texts_of
from mom.history.runs import Steps, nothing, runs_of
from mom.history.settle import RUNS, moment, settle
from mom.history.settle_counts import settle_counts, settle_events
from mom.history.site import COUNTED, SiteFacts, TagFact, with_gaps
from mom.history.values import FOREVER, MINUTE, NOTHING, Span, Values

Connection = psycopg.AsyncConnection[Any]
NEXT: LiteralString = """
    SELECT max(n.at) FROM unnest(%s::int[]) AS t(id) CROSS JOIN LATERAL (
      SELECT at FROM readings r WHERE r.tag_id = t.id AND r.at > %s AND (r.status >> 30) & 3 = 0 ORDER BY at LIMIT 1) n
"""
RUN_AT: LiteralString = """
    SELECT min(started_at) FROM runs WHERE equipment_id = %s AND superseded_at IS NULL AND started_at <= %s
      AND (ended_at IS NULL OR ended_at >= %s)
"""

NEXT_RUN: LiteralString = """
    SELECT least(
      (SELECT min(started_at) FROM runs
       WHERE equipment_id = %(line)s AND superseded_at IS NULL AND started_at > %(end)s),
      greatest(
        (SELECT max(m.at) FROM unnest(%(units)s::int[]) AS u(id) CROSS JOIN LATERAL (
           SELECT max(started_at) AS at FROM state_intervals s
           WHERE s.equipment_id = u.id AND s.superseded_at IS NULL) m),
        (SELECT max(alive_at) FROM links WHERE site_id = %(site)s)))
"""
"""Or, where no run follows, up to when anything was heard."""

ACROSS: LiteralString = """
    SELECT min(started_at) FROM counts WHERE equipment_id = %s AND source = 'plc' AND key <> ''
      AND started_at < %s AND ended_at >= %s
"""
"""Pieces counted across a gap have the order and product of its end: what is told in it changes them."""


async def derive_counts(connection: Connection, site: SiteFacts, equipment: int, touched: Span) -> tuple[int, int]:
    """Returns how many counts are new, how many were corrected."""
    tags = [tag for tag in site.tags.get(equipment, ()) if tag.meaning in COUNTED]
    if not tags:
        return 0, 0
    ids = [tag.id for tag in tags]
    row = await (await connection.execute(ACROSS, [equipment, *[moment(touched[0])] * 2])).fetchone()
    first = micros(row[0]) + 1 if row and row[0] is not None else touched[0]
    window = await _minutes(connection, ids, (min(first, touched[0]), touched[1]))
    high = moment(window[1]) if window[1] < FOREVER else None
    values = await numbers_of(connection, ids, moment(window[0]), high, trusted=True)
    channels, events = _channels(site, equipment, tags, values, window)
    first = min((int(v.at[0]) for v in values.values() if len(v.at)), default=window[0])
    site = await with_gaps(connection, site, moment(first))
    gaps = sorted({gap for tag in tags for gap in site.gaps_of(tag, FOREVER)})
    held = await _held(connection, site, equipment, window, _last(values))
    counts = minute_counts(channels, gaps, held, window)
    await settle_events(connection, site.id, ids, events, (window[0], min(window[1], _last(values) + 1)))
    return await settle_counts(
        connection, site.id, equipment, counts, (window[0], min(window[1], _last(values) + MINUTE))
    )


async def derive_runs(connection: Connection, site: SiteFacts, line: int, touched: Span) -> list[Span]:
    """Returns the span that each row written changed."""
    if not _told(site, line):
        return []
    row = await (await connection.execute(RUN_AT, [line, moment(touched[1]), moment(touched[0])])).fetchone()
    start = min(touched[0], micros(row[0])) if row and row[0] is not None else touched[0]
    order, product = await _steps(connection, site, line, (start - 1, FOREVER))
    return await settle(connection, RUNS, site.id, line, runs_of(order, product, start), start, None)


async def until_next_run(connection: Connection, site: SiteFacts, line: int, changed: Sequence[Span]) -> Span:
    """From the end of what changed to where the next run begins: there may be no order in between."""
    end = max(end for _, end in changed)
    values = {"line": line, "end": moment(end), "units": [line, *site.units_of(line)], "site": site.id}
    row = await (await connection.execute(NEXT_RUN, values)).fetchone()
    return end, max(end, micros(row[0])) if row and row[0] is not None else end


def tells_orders(site: SiteFacts, equipment: int) -> bool:
    return bool(_told(site, equipment))


def _told(site: SiteFacts, line: int) -> list[TagFact]:
    return [tag for tag in site.tags.get(line, ()) if tag.meaning in ("order", "product")]


def _channels(
    site: SiteFacts, equipment: int, tags: Sequence[TagFact], values: dict[int, Values], window: Span
) -> tuple[list[Channel], list[MadeEvent]]:
    channels: list[Channel] = []
    events: list[MadeEvent] = []
    for tag in tags:
        config = tag.config
        scale = float(config.get("scale") or 1.0)
        counter = Counter(tag.id, str(config.get("type", "float64")), scale, site.nodes[equipment].rate)
        made, strange = increments(values[tag.id], counter)
        channels.append(Channel(tag.meaning, config.get("reason") or tag.title if tag.meaning == "scrap" else "", made))
        events.extend(event for event in strange if event.at > window[0])
    return channels, events


async def _minutes(connection: Connection, tags: list[int], touched: Span) -> Span:
    """The whole minutes whose pieces may have changed: up to the first readings after what was touched."""
    if touched[1] >= FOREVER:
        return (touched[0] - 1) // MINUTE * MINUTE, FOREVER
    row = await (await connection.execute(NEXT, [tags, moment(touched[1])])).fetchone()
    last = micros(row[0]) if row and row[0] is not None else touched[1]
    return (touched[0] - 1) // MINUTE * MINUTE, -(-last // MINUTE) * MINUTE


async def _held(connection: Connection, site: SiteFacts, equipment: int, window: Span, last: int) -> Held:
    line = site.line_of(equipment)
    order, product = await _steps(connection, site, line, (window[0], window[1])) if _told(site, line) else (None, None)
    shifts = _Shifts(site.shifts(moment(window[0]), moment(min(window[1], last) + MINUTE)))
    return Held(product or nothing, order or nothing, shifts)


async def _steps(connection: Connection, site: SiteFacts, line: int, span: Span) -> tuple[Steps, Steps]:
    """What order and product tags of a line told in a span, and the last that they told before it and can be trusted."""
    tags = _told(site, line)
    low, high = moment(span[0]), moment(span[1]) if span[1] < FOREVER else None
    values = await texts_of(connection, [tag.id for tag in tags if tag.is_text], low, high, trusted=True)
    values |= await numbers_of(connection, [tag.id for tag in tags if not tag.is_text], low, high, trusted=True)
    order, product = (
        next((values[tag.id] for tag in tags if tag.meaning == meaning), NOTHING) for meaning in ("order", "product")
    )
    return Steps(order), Steps(product, site.products)


def _last(values: dict[int, Values]) -> int:
    return max((int(v.at[-1]) for v in values.values() if len(v.at)), default=0)


class _Shifts:
    """Which shift a moment belongs to."""

    def __init__(self, shifts: Sequence[ShiftSpan]) -> None:
        self.spans = [(micros(s.start), micros(s.end), s.name) for s in shifts]
        self.starts = [start for start, _, _ in self.spans]

    def __call__(self, at: int) -> str | None:
        index = bisect_right(self.starts, at) - 1
        return self.spans[index][2] if index >= 0 and at < self.spans[index][1] else None
