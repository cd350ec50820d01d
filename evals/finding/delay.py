"""How long it takes by the wall clock from a telling reading that is stored to the loss row that is committed.

Live readings go through a spool and COPY into a drawn plant's store, as the collector's do; their notice wakes what the
worker runs (`keep_up`). A machine of the plant holds; waited is for the row. Rules that have to be sure first are late by
what they need of the plant's time (`evals/finding/one_plant.py`, `lag_s`); the wall clock adds this to each of them.

A plant's past may end between shifts, or while everything stands. Then the first moment of a shift after it is taken, and
the machines are told to run first, in no change-over, their line with an order on: there is always something to wait for.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from connectors.collector import places_of
from connectors.connector import Reading
from connectors.drain import Drain
from connectors.packing import Slot, pack
from connectors.spool import Spool
from connectors.storage import CHANNEL, Storage
from evals.drawn import Built
from mom.database.access import Store
from mom.facts import Window
from mom.history.calendar import shifts_of
from mom.history.keep_up import keep_up
from mom.plant.schema import Plant

Tell = Callable[[str, datetime, int], Awaitable[float]]
HELD, EXECUTE = 11, 6
MOST_S = 8.0
ROW = text("""
SELECT l.id FROM losses l WHERE l.equipment_id = :equipment AND l.rule = 'stop' AND l.superseded_at IS NULL
  AND l.started_at >= :since
""")
STATES = text("""
SELECT t.name, t.equipment_id, s.state IN ('Execute', 'Suspended') AS runs
FROM tags t LEFT JOIN state_intervals s ON s.equipment_id = t.equipment_id AND s.superseded_at IS NULL AND s.ended_at IS NULL
WHERE t.site_id = :site AND t.active AND t.meaning = 'state' ORDER BY t.name
""")
SHIFT_LEFT = timedelta(minutes=5)
FIRST = timedelta(seconds=30)
ORDER = 1
"""Any number: what matters is that the line has an order on."""


async def delays_of(store: Store, built: Built, folder: Path, most: int = 6) -> list[float]:
    """Seconds from stored to committed, of a stop at each of up to `most` machines one after the other; infinity where no
    row came in time."""
    now = moment_for(built.plant, built.drawn.now)
    async with store.read() as session:
        known = (await session.execute(STATES, {"site": built.site_id})).all()
    running = [row for row in known if row.runs and now == built.drawn.now]
    machines = (running or known)[:most]
    found = []
    async with _live(store, built, folder) as tell, _worker(store, now + timedelta(minutes=2)):
        if not running:
            await _run(tell, built.plant, [row.name for row in machines], now)
        for number, (tag, equipment, _) in enumerate(machines, 1):
            at = now + FIRST + timedelta(seconds=5 * number)
            stored = await tell(tag, at, HELD)
            found.append(await _waited(store, equipment, at, stored))
            await tell(tag, at + timedelta(seconds=3), EXECUTE)
    return found


def moment_for(plant: Plant, now: datetime) -> datetime:
    """Now if its shift lasts long enough, else when the next shift begins. Raises ValueError without one within ten days."""
    shifts = shifts_of(plant.calendar, plant.zone, Window(now - timedelta(hours=12), now + timedelta(days=10)))
    for shift in sorted(shifts, key=lambda shift: shift.start):
        if max(shift.start, now) < shift.end - SHIFT_LEFT:
            return max(shift.start, now)
    raise ValueError(f"{plant.site.id}: no shift begins within ten days of {now}")


async def _run(tell: Tell, plant: Plant, states: Sequence[str], at: datetime) -> None:
    """Nothing ran: an order is put on every line, change-overs are ended, the machines of these tags are started."""
    tags = [tag for block in plant.connectors for tag in block.tags]
    for meaning, value in (("order", ORDER), ("set_up", 0)):
        for tag in tags:
            if tag.meaning.value == meaning:
                await tell(tag.id, at, value)
    for name in states:
        await tell(name, at + timedelta(seconds=1), EXECUTE)


@asynccontextmanager
async def _live(store: Store, built: Built, folder: Path) -> AsyncIterator[Tell]:
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


async def _waited(store: Store, equipment: int, since: datetime, stored: float) -> float:
    """Infinity: no row came in time."""
    while time.monotonic() - stored < MOST_S:
        async with store.read() as session:
            if (await session.execute(ROW, {"equipment": equipment, "since": since})).first():
                return time.monotonic() - stored
        await asyncio.sleep(0.02)
    return math.inf
