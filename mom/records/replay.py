"""Records that wait, once more: after the mapping, the equipment or the message's system was put right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from mom.database.access import Store
from mom.errors import BadInput, LinesideError, NotFound
from mom.records.equipment_book import EquipmentBook
from mom.records.importing import read_lookups
from mom.records.intake import Intake, Tally
from mom.records.load import load_mapping
from mom.records.mapper import Mapper
from mom.records.receipts import NOUN as MESSAGES
from mom.records.receipts import mapping_of, parsed, take_message
from mom.records.sites import SiteRow, site_by_id
from mom.records.waiting import DROPPED
from mom.settings import read_settings

FIND = """
    SELECT id, source, noun, body, more FROM waiting_items
    WHERE site_id = %s AND settled_at IS NULL AND (%s::bigint[] IS NULL OR id = ANY(%s)) ORDER BY id FOR UPDATE
"""
SETTLE = """
    UPDATE waiting_items SET settled_at = %s, settled_by = %s, settled_how = %s
    WHERE site_id = %s AND id = ANY(%s) AND settled_at IS NULL
"""
REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many found their place, and what still waits with why (by id)."""

    stored: int
    waiting: dict[int, str]


async def replay(
    store: Store, site_id: int, ids: Sequence[int] | None, by: str, now: datetime, folder: Path | None = None
) -> Replayed:
    """Map these waiting items again (None: all of the site), each in a transaction of its own.

    `by`: who asked (`user:3`). `folder`: what the plant's mapping files are relative to.
    """
    base = folder or read_settings().plant.parent
    stored, still = 0, {}
    async with await store.connect() as connection:
        async with connection.transaction():
            items = await (await connection.execute(FIND, [site_id, ids, ids])).fetchall()
        site = await site_by_id(connection, site_id)
        for item in items:
            async with connection.transaction():
                reason = await _again(connection, site, item, base, now)
                if reason:
                    still[item[0]] = reason
                    continue
                await connection.execute(SETTLE, [now, by, REPLAYED, site_id, [item[0]]])
                stored += 1
    return Replayed(stored, still)


async def drop(store: Store, site_id: int, ids: Sequence[int], by: str, now: datetime) -> int:
    """A person says that these need not come in; the same record will not wait again. How many were dropped."""
    async with await store.connect() as connection, connection.transaction():
        return (await connection.execute(SETTLE, [now, by, DROPPED, site_id, list(ids)])).rowcount


async def _again(
    connection: psycopg.AsyncConnection, site: SiteRow, item: tuple[Any, ...], base: Path, now: datetime
) -> str:
    """Why it still waits; nothing when it is stored."""
    _, source, noun, body, origin = item
    try:
        if noun == MESSAGES:
            tally = await _message(connection, site, source, json.loads(body), base, origin, now)
        else:
            tally = await _record(connection, site, source, json.loads(body), origin, now)
    except LinesideError as error:
        return str(error)
    return "it does not fit yet" if tally.waiting else ""


async def _message(
    connection: psycopg.AsyncConnection, site: SiteRow, source: str, body: str, base: Path, origin: Any, now: datetime
) -> Tally:
    cursor = await connection.execute("SELECT plant -> 'systems' FROM sites WHERE id = %s", [site.id])
    row = await cursor.fetchone()
    mapping = load_mapping(mapping_of((row[0] if row else None) or [], source, base))
    return await take_message(connection, site, mapping, source, parsed(body.encode()), origin, now)


async def _record(
    connection: psycopg.AsyncConnection, site: SiteRow, source: str, record: Any, origin: Any, now: datetime
) -> Tally:
    if not origin.get("mapping") or not origin.get("records"):
        raise BadInput("it was kept without its mapping.", remedy="Send or import it again.")
    mapping = load_mapping(Path(origin["mapping"]))
    block = next((one for one in mapping.records if one.name == origin["records"]), None)
    if block is None:
        raise NotFound(f"{origin['mapping']} has no records {origin['records']!r} any more.")
    lookups = read_lookups(mapping, Path(origin["folder"]))[0] if origin.get("folder") else {}
    book = await EquipmentBook(site).read(connection)
    intake = Intake(Mapper(mapping, block, site.zone, lookups), book, source, origin)
    return await intake.take(connection, [record], now)
