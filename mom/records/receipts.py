"""Messages that were taken, into rows of the store: each once, by whichever worker comes first."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from mom.database.access import Store
from mom.errors import LinesideError
from mom.models.base import Json
from mom.records.equipment_book import EquipmentBook
from mom.records.intake import Intake, Tally
from mom.records.load import load_mapping
from mom.records.mapper import Mapper
from mom.records.mapping import Mapping as MappingFile
from mom.records.paths import inside
from mom.records.sites import SiteRow, site_by_id
from mom.records.unmappable import Unmappable
from mom.records.waiting import Waiting, keep_waiting
from mom.settings import ROOT, read_settings

AT_ONCE = 100
CLAIM = """
    SELECT r.id, r.site_id, r.source, r.webhook_id, r.body, s.plant -> 'systems' FROM webhook_receipts r
    JOIN sites s ON s.id = r.site_id
    WHERE r.handled_at IS NULL ORDER BY r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED
"""
DONE = "UPDATE webhook_receipts SET handled_at = %s, outcome = %s WHERE id = %s"
NOUN = "messages"


async def handle_receipts(store: Store, now: datetime, folder: Path | None = None) -> int:
    """Handle what waits, at most a hundred; how many were. A message is mapped and marked in one transaction.

    `folder`: what the mapping files of the plant's systems are relative to; the plant file's own when left out.
    """
    base = folder or read_settings().plant.parent
    handled = 0
    async with await store.connect() as connection:
        while handled < AT_ONCE:
            async with connection.transaction():
                receipt = await (await connection.execute(CLAIM)).fetchone()
                if receipt is None:
                    return handled
                outcome = await _handle(connection, receipt, base, now)
                await connection.execute(DONE, [now, outcome, receipt[0]])
            handled += 1
    return handled


async def _handle(connection: psycopg.AsyncConnection, receipt: Any, base: Path, now: datetime) -> str:
    _, site_id, source, webhook_id, body, systems = receipt
    origin = {"webhook": webhook_id}
    site = await site_by_id(connection, site_id)
    try:
        message = parsed(body)
        path = mapping_of(systems or [], source, base)
        origin["mapping"] = str(path)
        mapping = load_mapping(path)
    except LinesideError as error:
        reason = error if isinstance(error, Unmappable) else Unmappable("mapping", str(error))
        whole = body.decode("utf-8", "backslashreplace")
        await keep_waiting(connection, site_id, source, NOUN, [Waiting(webhook_id, whole, reason, origin)])
        return f"waits: {reason}"[:500]
    tally = await take_message(connection, site, mapping, source, message, origin, now)
    if tally.read == tally.skipped:
        return "no records of ours in it"
    return f"{tally.stored} stored, {tally.unchanged} unchanged, {tally.waiting} waiting"


async def take_message(
    connection: psycopg.AsyncConnection,
    site: SiteRow,
    mapping: MappingFile,
    source: str,
    message: Json,
    origin: dict[str, str],
    now: datetime,
) -> Tally:
    """Map one message by every block that is about it, in the caller's transaction."""
    book = await EquipmentBook(site).read(connection)
    total = Tally()
    for block in mapping.records:
        intake = Intake(Mapper(mapping, block, site.zone), book, source, {**origin, "records": block.name})
        records = list(_records(message, block.inside))
        total += await intake.take(connection, records, now)
    return total


def _records(message: Json, where: str | None) -> Iterable[Json]:
    """The record, or the list of them, at `where`; the envelope's own fields are beside each as `message.…`."""
    found = inside(message, where)
    for record in found if isinstance(found, list) else [found]:
        if isinstance(record, Mapping):
            yield {**record, "message": message}


def parsed(body: bytes) -> Json:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unmappable("body", f"is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise Unmappable("body", f"{str(message)[:40]!r}: expected a JSON object")
    return message


def mapping_of(systems: list[Json], source: str, base: Path) -> Path:
    """The mapping file of a system, as the plant file names it. Raises Unmappable when it has none."""
    named = next((system.get("mapping") for system in systems if system.get("id") == source), None)
    if not named:
        raise Unmappable("mapping", f"the plant file names none for {source!r}; add mapping: FILE to that system")
    path = base / str(named)
    return path if path.is_file() or not (ROOT / str(named)).is_file() else ROOT / str(named)
