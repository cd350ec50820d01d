"""One machine's states, alarms and stops, derived anew around what was touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg

from mom.history.alarms import alarm_spans
from mom.history.made import Made
from mom.history.packml import STANDING
from mom.history.readings import micros, numbers_of, texts_of
from mom.history.said import reasons_said, with_reasons
from mom.history.settle import ALARMS, STATES, STOPS, moment, settle
from mom.history.site import SiteFacts, TagFact, with_gaps
from mom.history.states import state_intervals
from mom.history.stops import Reasons, stops_of_alarms, stops_of_states
from mom.history.values import FOREVER, MINUTE, NOTHING, Span, Values
from mom.status import TIME_AHEAD

Connection = psycopg.AsyncConnection[Any]
MEANINGS = ("state", "set_up", "alarm", "stop_reason")
CALM_BEFORE: LiteralString = """
    SELECT started_at FROM state_intervals WHERE equipment_id = %s AND superseded_at IS NULL AND started_at <= %s
      AND state <> ALL(%s) ORDER BY started_at DESC OFFSET 1 LIMIT 1
"""
CALM_AFTER: LiteralString = """
    SELECT started_at FROM state_intervals WHERE equipment_id = %s AND superseded_at IS NULL AND started_at > %s
      AND state <> ALL(%s) ORDER BY started_at OFFSET 1 LIMIT 1
"""
ALARM_AT: LiteralString = """
    SELECT min(started_at) FROM alarms WHERE equipment_id = %s AND superseded_at IS NULL AND started_at <= %s
      AND (ended_at IS NULL OR ended_at >= %s)
"""
STOP_AT: LiteralString = """
    SELECT min(started_at) FROM stops WHERE equipment_id = %s AND superseded_at IS NULL AND started_at <= %s
      AND (ended_at IS NULL OR ended_at >= %s)
"""
NEWEST: LiteralString = """
    SELECT max(n.at) FROM unnest(%s::int[]) AS t(id) CROSS JOIN LATERAL (
      SELECT at FROM readings r WHERE r.tag_id = t.id
        AND (r.at <= now() + interval '1 minute' OR r.status & %s = 0) ORDER BY at DESC LIMIT 1) n
"""
"""Up to when a machine told anything; times that lie ahead of our clock and are marked so do not count."""
NEXT: LiteralString = """
    SELECT t.meaning, n.at FROM unnest(%(ids)s::int[], %(meanings)s::text[]) AS t(id, meaning)
    LEFT JOIN LATERAL (
      SELECT r.at FROM readings r WHERE r.tag_id = t.id AND r.at > %(high)s
        AND (t.meaning = 'state' OR ((r.status >> 30) & 3 = 0 AND (r.text IS NOT NULL OR r.number <> 'NaN')))
      ORDER BY r.at LIMIT 1) n ON true
    WHERE EXISTS (SELECT FROM readings r WHERE r.tag_id = t.id AND r.at BETWEEN %(low)s AND %(high)s)
"""
"""Of each tag that told something in a range: when it told again, and so up to where what it told lasts. A state that
cannot be trusted ends the one before it; a mode and an alarm go on."""
LASTING = ("state", "set_up", "alarm")
BEGINNING = micros(datetime.fromisoformat("1971-01-01T00:00:00+00:00"))


async def derive_machine(
    connection: Connection, site: SiteFacts, equipment: int, touched: Span, heard: int = BEGINNING
) -> list[Span]:
    """Returns the span that each row written changed. `heard`: up to when its source is known to have answered."""
    tags = [tag for tag in site.tags.get(equipment, ()) if tag.meaning in MEANINGS]
    if not tags:
        return []
    state = next((tag for tag in tags if tag.meaning == "state"), None)
    lasting = (touched[0], await _lasts(connection, tags, touched))
    calm = await _calm(connection, equipment, lasting) if state else (touched[0], None)
    low = min(calm[0] - MINUTE, touched[0])
    first = await _first_alarm(connection, equipment, low, touched[1], alone=state is None)
    values = await _load(connection, tags, min(calm[0], first) - MINUTE, calm[1])
    alarms = [span for tag in tags if tag.meaning == "alarm" for span in _alarms(site, tag, values, first)]
    written = await settle(connection, ALARMS, site.id, equipment, alarms, first, None)
    upto = max(await _newest(connection, site, equipment), heard)
    said = await reasons_said(connection, equipment)
    if state is None:
        stops = with_reasons(stops_of_alarms(alarms, _planned(site, first, upto), upto), said)
        return written + await settle(connection, STOPS, site.id, equipment, stops, first, None)
    states = _states(await with_gaps(connection, site, moment(calm[0])), state, tags, values, calm)
    start = states[0].start if states and calm[0] == BEGINNING else calm[0]
    reasons = _reasons(tags, values)
    stops = with_reasons(stops_of_states(states, reasons, alarms, _planned(site, start, upto), upto), said)
    written += await settle(connection, STATES, site.id, equipment, states, *calm)
    return written + await settle(connection, STOPS, site.id, equipment, stops, *calm)


def _states(
    site: SiteFacts, state: TagFact, tags: Sequence[TagFact], values: dict[int, Values], calm: tuple[int, int | None]
) -> list[Made]:
    mode = next((values[tag.id] for tag in tags if tag.meaning == "set_up"), NOTHING)
    gaps = site.gaps_of(state, FOREVER)
    return state_intervals(values[state.id], state.states, mode, gaps, *calm)


def _alarms(site: SiteFacts, tag: TagFact, values: dict[int, Values], start: int) -> list[Made]:
    stops = bool(tag.config.get("stops"))
    return alarm_spans(tag.id, values[tag.id], tag.texts, tag.title or tag.config.get("id", ""), stops, start)


def _reasons(tags: Sequence[TagFact], values: dict[int, Values]) -> Reasons:
    tag = next((tag for tag in tags if tag.meaning == "stop_reason"), None)
    return Reasons(values[tag.id], tag.texts) if tag else Reasons(NOTHING, {})


def _planned(site: SiteFacts, start: int, upto: int) -> list[Span]:
    """Planned time around a range, whole days of it."""
    day = timedelta(days=1)
    return site.planned(moment(start) - day, moment(max(start, upto)) + 2 * day)


async def _load(connection: Connection, tags: Sequence[TagFact], start: int, end: int | None) -> dict[int, Values]:
    """Readings around the range; alarms to the end, since one may last beyond it. A mode goes on from the last reading
    that can be trusted."""
    low = moment(start) if start > BEGINNING else None
    high = moment(end + MINUTE) if end is not None else None
    found: dict[int, Values] = {}
    for until, trusted, wanted in (
        (high, False, [t for t in tags if t.meaning in ("state", "stop_reason")]),
        (high, True, [t for t in tags if t.meaning == "set_up"]),
        (None, False, [t for t in tags if t.meaning == "alarm"]),
    ):
        found |= await texts_of(connection, [t.id for t in wanted if t.is_text], low, until, trusted=trusted)
        found |= await numbers_of(connection, [t.id for t in wanted if not t.is_text], low, until, trusted=trusted)
    return found


async def _calm(connection: Connection, equipment: int, touched: Span) -> tuple[int, int | None]:
    """A range around what was touched, from one state that is no stop to another: what lies outside cannot change."""
    standing = sorted(STANDING)
    low = await _when(connection, CALM_BEFORE, [equipment, moment(touched[0] - MINUTE), standing])
    high = None
    if touched[1] < FOREVER:
        high = await _when(connection, CALM_AFTER, [equipment, moment(touched[1] + MINUTE), standing])
    return (low if low is not None else BEGINNING), high


async def _lasts(connection: Connection, tags: Sequence[TagFact], touched: Span) -> int:
    """The end of what was touched: what a tag told lasts until it tells again, however many intervals later."""
    lasting = [tag for tag in tags if tag.meaning in LASTING]
    values = {
        "ids": [tag.id for tag in lasting],
        "meanings": [tag.meaning for tag in lasting],
        "low": moment(touched[0]),
        "high": moment(touched[1]),
    }
    rows = await (await connection.execute(NEXT, values)).fetchall()
    ends = [FOREVER if at is None else micros(at) for meaning, at in rows if at is not None or meaning != "alarm"]
    return max([touched[1], *ends])


async def _first_alarm(connection: Connection, equipment: int, low: int, high: int, *, alone: bool) -> int:
    """From where alarms are derived anew: the start of the first that was active (where there are no states, or of
    the stop that they made)."""
    before = None
    while before != low:
        before = low
        for query in (ALARM_AT, STOP_AT) if alone else (ALARM_AT,):
            found = await _when(connection, query, [equipment, moment(high if query is ALARM_AT else low), moment(low)])
            low = min(low, found) if found is not None else low
    return low


async def _newest(connection: Connection, site: SiteFacts, equipment: int) -> int:
    tags = [tag.id for tag in site.tags.get(equipment, ())]
    return await _when(connection, NEWEST, [tags, TIME_AHEAD]) or BEGINNING


async def _when(connection: Connection, query: LiteralString, values: list[Any]) -> int | None:
    row = await (await connection.execute(query, values)).fetchone()
    return micros(row[0]) if row and row[0] is not None else None
