"""Readings in, history out: states, stops, alarms, runs and counts of what was touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.facts import Window
from mom.history.machine import MEANINGS, derive_machine
from mom.history.means import MEASURED, derive_means
from mom.history.pieces import derive_counts, derive_runs, tells_orders, until_next_run
from mom.history.readings import micros
from mom.history.settle import moment
from mom.history.site import COUNTED, SiteFacts, site_facts
from mom.history.values import FOREVER, MINUTE, Span
from mom.store.rollups import mark_holes

Connection = psycopg.AsyncConnection[Any]
LOCK = 0x4C534849
"""First half of the advisory lock under which one process at a time derives a site."""
SITES: LiteralString = "SELECT DISTINCT site_id FROM touched ORDER BY site_id"
TRY: LiteralString = "SELECT pg_try_advisory_xact_lock(%s, %s)"
CLAIM: LiteralString = """
    DELETE FROM touched WHERE id IN (
      SELECT id FROM touched WHERE site_id = %(site)s
        AND wakes = (SELECT wakes FROM touched WHERE site_id = %(site)s ORDER BY id LIMIT 1)
        AND from_at <= (SELECT from_at FROM touched WHERE site_id = %(site)s ORDER BY id LIMIT 1) + interval '31 days'
      ORDER BY id LIMIT %(limit)s)
    RETURNING equipment_id, from_at, to_at, wakes, corrected
"""
"""A loaded past and live readings are never taken together: only the live ones wake anybody. Nor is a past of years taken
at once: what is read of it is held in memory."""
TOLD: LiteralString = """
    SELECT t.equipment_id, t.meaning FROM tags t WHERE t.site_id = %s AND t.active AND t.equipment_id = ANY(%s)
      AND EXISTS (SELECT FROM readings r WHERE r.tag_id = t.id AND r.at >= %s AND r.at <= %s)
"""
OPEN: LiteralString = """
    SELECT s.equipment_id, min(s.started_at), max(l.alive_at) FROM stops s
    JOIN tags t ON t.equipment_id = s.equipment_id AND t.active AND t.meaning IN ('state', 'alarm')
    JOIN links l ON l.site_id = t.site_id AND l.connector = t.connector AND l.alive_at IS NOT NULL
    WHERE s.site_id = %s AND s.superseded_at IS NULL AND s.ended_at IS NULL GROUP BY s.equipment_id
"""
UNENDED: LiteralString = """
    SELECT t.id, s.started_at FROM unnest(%s::int[]) AS t(id) CROSS JOIN LATERAL (
      SELECT started_at, ended_at FROM stops
      WHERE equipment_id = t.id AND superseded_at IS NULL ORDER BY started_at DESC LIMIT 1) s
    WHERE s.ended_at IS NULL
"""
"""Only a machine's latest stop may last."""
LATEST = micros(datetime.fromisoformat("2100-01-01T00:00:00+00:00"))
"""No range goes beyond: around the last moment of all there is no calendar."""
SHORT = 60 * MINUTE
"""For a range up to this long it pays to look first which tags told anything."""


@dataclass(frozen=True, slots=True)
class DeriveResult:
    """What was done. `equipment`: (id, the range in which its history may have changed: what was touched, and the rows
    that were written), lines and machines."""

    touched: int = 0  # touched rows done
    rows: int = 0  # derived rows written
    site_id: int | None = None
    equipment: tuple[tuple[int, Window], ...] = ()
    wakes: bool = False
    changed: frozenset[int] = frozenset()  # equipment whose states, stops, alarms or runs are not what they were
    counted: frozenset[int] = frozenset()  # equipment that entered a new minute of counts
    measured: frozenset[int] = frozenset()  # equipment that entered new five minutes of a signal


async def derive_touched(store: Store, limit: int = 5000) -> DeriveResult:
    """Claim up to `limit` touched rows of one site and derive their history anew, in one transaction."""
    async with store.write() as session:
        result = await derive(session, limit)
        await session.commit()
    return result


async def derive(session: AsyncSession, limit: int = 5000) -> DeriveResult:
    """The same in the caller's transaction. Nothing is claimed of a site on which another process is at work."""
    connection = await psycopg_of(session)
    for (site_id,) in await (await connection.execute(SITES)).fetchall():
        row = await (await connection.execute(TRY, [LOCK, site_id])).fetchone()
        if row and row[0]:
            claimed = await (await connection.execute(CLAIM, {"site": site_id, "limit": limit})).fetchall()
            if claimed:
                done = await _derive(connection, site_id, claimed)
                await mark_holes(session, done.equipment)
                return done
    return DeriveResult()


async def end_with_shifts(session: AsyncSession, site_id: int, now: datetime) -> None:
    """End open stops where planned time ended and their source was heard since: its silence says that they last."""
    connection = await psycopg_of(session)
    found = await (await connection.execute(OPEN, [site_id])).fetchall()
    if not found:
        return
    site = await site_facts(connection, site_id, min(started for _, started, _ in found) - timedelta(days=1))
    for equipment, started, alive in found:
        heard, at = micros(min(alive, now)), micros(started)
        if any(at < end < heard for _, end in site.planned(started - timedelta(days=1), max(alive, started))):
            await derive_machine(connection, site, equipment, (at, at), heard)


async def psycopg_of(session: AsyncSession) -> Connection:
    """The session's own connection, as psycopg has it: COPY in the same transaction."""
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, psycopg.AsyncConnection)
    return connection


async def _derive(connection: Connection, site_id: int, claimed: list[Any]) -> DeriveResult:
    work: dict[int, Span] = {}
    for equipment, start, end, _, _ in claimed:
        _widen(work, equipment, (min(micros(start), LATEST), min(micros(end), LATEST)))
    corrected = {row[0] for row in claimed if row[4]}
    since = moment(min(span[0] for span in work.values()) - 24 * 60 * MINUTE)
    site = await site_facts(connection, site_id, since)
    told = await _told(connection, site, work)
    outlasted = await _outlasted(connection, site, work) if told is not None else set()
    changed: dict[int, list[Span]] = {}
    counting: dict[int, Span] = {}
    for equipment, span in work.items():
        rows = changed[equipment] = []
        if equipment in corrected | outlasted or _says(told, equipment, MEANINGS):
            rows += await derive_machine(connection, site, equipment, span)
        if tells_orders(site, equipment) and _says(told, equipment, ("order", "product")):
            if runs := await derive_runs(connection, site, equipment, span):
                rows += [*runs, await until_next_run(connection, site, equipment, runs)]
            for unit in site.units_of(equipment):
                _widen(counting, unit, (span[0], FOREVER))
        if _says(told, equipment, COUNTED):
            _widen(counting, equipment, span)
    measured = {
        equipment
        for equipment, span in work.items()
        if _says(told, equipment, MEASURED) and await derive_means(connection, equipment, span)
    }
    counts = {equipment: await derive_counts(connection, site, equipment, span) for equipment, span in counting.items()}
    for equipment, rows in changed.items():
        for span in rows:
            _widen(work, equipment, span)
    looked = tuple((equipment, Window(moment(span[0]), moment(span[1]))) for equipment, span in work.items())
    return DeriveResult(
        touched=len(claimed),
        rows=sum(map(len, changed.values())) + sum(new + corrected for new, corrected in counts.values()),
        site_id=site_id,
        equipment=looked,
        wakes=claimed[0][3],
        changed=frozenset(corrected | {equipment for equipment, rows in changed.items() if rows}),
        counted=frozenset(equipment for equipment, (new, _) in counts.items() if new),
        measured=frozenset(measured),
    )


def _widen(work: dict[int, Span], equipment: int, span: Span) -> None:
    before = work.get(equipment, span)
    work[equipment] = (min(before[0], span[0]), max(before[1], span[1]))


async def _told(connection: Connection, site: SiteFacts, work: dict[int, Span]) -> set[tuple[int, str]] | None:
    """(equipment, meaning) of what told anything in the range; None: it is long, or a gap lies in it: look at all."""
    low, high = min(s for s, _ in work.values()), max(e for _, e in work.values())
    touching = any(micros(s) <= high and (e is None or micros(e) >= low) for _, _, s, e in site.gaps)
    if high - low > SHORT or touching:
        return None
    rows = await (await connection.execute(TOLD, [site.id, list(work), moment(low), moment(high)])).fetchall()
    return {(equipment, meaning) for equipment, meaning in rows}


async def _outlasted(connection: Connection, site: SiteFacts, work: dict[int, Span]) -> set[int]:
    """Whose open stop ended with planned time, now that anything was told after it."""
    rows = await (await connection.execute(UNENDED, [list(work)])).fetchall()
    return {
        equipment
        for equipment, started in rows
        for _, end in site.planned(started - timedelta(days=1), max(started, moment(work[equipment][1])))
        if micros(started) < end < work[equipment][1]
    }


def _says(told: set[tuple[int, str]] | None, equipment: int, meanings: Iterable[str]) -> bool:
    return told is None or any((equipment, meaning) in told for meaning in meanings)


def whole_window(result: DeriveResult) -> Window:
    """From the earliest to the latest moment that was looked at."""
    starts, ends = [w.start for _, w in result.equipment], [w.end for _, w in result.equipment]
    return Window(min(starts), max(ends))
