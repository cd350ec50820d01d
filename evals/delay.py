"""How long it takes by the wall clock from a telling reading that is stored to the loss row that is committed.

Live readings go through a spool and COPY into a drawn plant's store, as the collector's do; their notice wakes what the
worker runs (`keep_up`). A machine of the plant holds; waited is for the row. Rules that have to be sure first are late by
what they need of the plant's time (`evals/finding.py`, `lag_s`); the wall clock adds this to each of them.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from connectors.collector import places_of
from connectors.connector import Reading
from connectors.drain import Drain
from connectors.packing import Slot, pack
from connectors.spool import Spool
from connectors.storage import CHANNEL, Storage
from evals.drawn import Built
from mom.database.access import Store
from mom.history.keep_up import keep_up

HELD, EXECUTE = 11, 6
MOST_S = 8.0
ROW = text("""
SELECT l.id FROM losses l WHERE l.equipment_id = :equipment AND l.rule = 'stop' AND l.superseded_at IS NULL
  AND l.started_at >= :since
""")
STATES = text("""
SELECT t.name, t.equipment_id FROM tags t JOIN state_intervals s ON s.equipment_id = t.equipment_id
WHERE t.site_id = :site AND t.active AND t.meaning = 'state' AND s.superseded_at IS NULL AND s.ended_at IS NULL
  AND s.state IN ('Execute', 'Suspended') ORDER BY t.name
""")
SHIFT_LEFT = timedelta(minutes=3)


async def delays_of(store: Store, built: Built, folder: Path, most: int = 6) -> list[float]:
    """Seconds from stored to committed, of a stop at each of up to `most` machines one after the other. A plant whose
    past ends outside its shifts, or in a change-over, gives none."""
    now = built.drawn.now
    if not any(shift.start <= now < shift.end - SHIFT_LEFT for shift in _shifts(built, now)):
        return []
    async with store.read() as session:
        machines = (await session.execute(STATES, {"site": built.site_id})).all()[:most]
    found = []
    async with _live(store, built, folder) as tell, _worker(store, now + timedelta(minutes=2)):
        for number, (tag, equipment) in enumerate(machines, 1):
            at = now + timedelta(seconds=5 * number)
            stored = await tell(tag, at, HELD)
            waited = await _waited(store, equipment, at, stored)
            found += [waited] if waited is not None else []
            await tell(tag, at + timedelta(seconds=3), EXECUTE)
    return found


def _shifts(built: Built, now: datetime) -> Any:
    from mom.facts import Window
    from mom.history.calendar import shifts_of

    return shifts_of(
        built.plant.calendar, built.plant.zone, Window(now - timedelta(hours=12), now + timedelta(hours=1))
    )


@asynccontextmanager
async def _live(store: Store, built: Built, folder: Path) -> AsyncIterator[Any]:
    """A function that stores one reading and returns when (monotonic) it was committed."""
    spool = Spool(folder / f"{built.plant.site.id}.live.db")
    names = [tag.id for block in built.plant.connectors for tag in block.tags]
    numbers = spool.file.numbers_of(names)
    slots = {tag.id: Slot(numbers[tag.id], tag.type) for block in built.plant.connectors for tag in block.tags}
    try:
        async with await store.connect(autocommit=True) as connection:
            places = await places_of(connection, built.site_id, numbers)
            drain = Drain(spool, Storage(built.site_id, places, {n: name for name, n in numbers.items()}))

            async def tell(tag: str, at: datetime, value: int) -> float:
                await spool.append(pack([Reading(tag, at, value, 0)], slots, at, 0))
                await drain.once(connection)
                return time.monotonic()

            yield tell
    finally:
        await spool.close()


@asynccontextmanager
async def _worker(store: Store, now: datetime) -> AsyncIterator[None]:
    """What the worker's history loop does: at each notice it brings the history up to date."""
    async with await store.connect(autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")

        async def run() -> None:
            async for _ in connection.notifies():
                while await keep_up(store, now):
                    pass

        task = asyncio.create_task(run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _waited(store: Store, equipment: int, since: datetime, stored: float) -> float | None:
    """None: no row came in time."""
    while time.monotonic() - stored < MOST_S:
        async with store.read() as session:
            if (await session.execute(ROW, {"equipment": equipment, "since": since})).first():
                return time.monotonic() - stored
        await asyncio.sleep(0.02)
    return None
