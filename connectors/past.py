"""Load a past: readings that somebody has already, through the same spool and into the same rows, at full speed."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.collector import places_of
from connectors.connector import Reading
from connectors.drain import MOST_ROWS, Drain
from connectors.packing import Packed, Slot, pack
from connectors.spool import Spool
from connectors.storage import Storage, Stored
from mom.database.access import Store
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant

PAUSE_S = 0.005
MOST_WAITING = 10 * MOST_ROWS
PastReading = tuple[str, datetime | None, float | int | bool | str | None, int]


@dataclass(slots=True)
class Loaded:
    """`offered` = `stored` + `repeats` (in the store already) + `waiting` (refused, in the waiting list)."""

    offered: int = 0
    stored: int = 0
    repeats: int = 0
    waiting: int = 0
    seconds: float = 0.0


async def load_past(
    store: Store, plant: Plant, batches: Iterable[Sequence[PastReading]], folder: Path, now: datetime
) -> Loaded:
    """`batches` of (tag, at, value, status), in time order or not, of some thousands each. Wakes nobody.

    What an interrupted load has left in `folder` is stored first; loading the same again changes nothing.
    """
    start, loaded = time.monotonic(), Loaded()
    spool = Spool(folder / f"{plant.site.id}.past.db")
    numbers = spool.file.numbers_of(tag.id for block in plant.connectors for tag in block.tags)
    try:
        async with store.write.begin() as session:
            applied = await apply_plant(session, plant)
        ended = asyncio.Event()
        storing = asyncio.create_task(_store(store, applied.site_id, numbers, spool, ended, loaded))
        await _spool(spool, _slots(plant, numbers), iter(batches), now, loaded, storing)
        ended.set()
        await storing
    finally:
        await spool.close()
    loaded.seconds = time.monotonic() - start
    return loaded


def _slots(plant: Plant, numbers: dict[str, int]) -> dict[str, Slot]:
    return {tag.id: Slot(numbers[tag.id], tag.type) for block in plant.connectors for tag in block.tags}


async def _spool(
    spool: Spool,
    slots: dict[str, Slot],
    batches: Iterator[Sequence[PastReading]],
    now: datetime,
    loaded: Loaded,
    storing: "asyncio.Task[None]",
) -> None:
    def next_packed() -> tuple[Packed, int] | None:
        batch = next(batches, None)
        return None if batch is None else (pack(map(Reading._make, batch), slots, now, late=True), len(batch))

    while (made := await asyncio.to_thread(next_packed)) is not None:
        await spool.append(made[0])
        loaded.offered += made[1]
        while spool.rows > MOST_WAITING:
            if storing.done():
                return  # it failed; the caller hears why
            await asyncio.wait({storing}, timeout=PAUSE_S)


async def _store(
    store: Store, site_id: int, numbers: dict[str, int], spool: Spool, ended: asyncio.Event, loaded: Loaded
) -> None:
    async with await store.connect(autocommit=True) as connection:
        places = await places_of(connection, site_id, numbers)
        storage = Storage(site_id, places, {number: name for name, number in numbers.items()}, wakes=False)
        drain = Drain(spool, storage)
        while True:
            is_last = ended.is_set()
            stored = await drain.once(connection) if is_last or spool.rows >= MOST_ROWS else None
            if stored is not None:
                _add(loaded, stored)
            elif is_last:
                return
            else:
                await asyncio.sleep(PAUSE_S)


def _add(loaded: Loaded, stored: Stored) -> None:
    loaded.stored += stored.rows
    loaded.repeats += stored.repeats
    loaded.waiting += stored.waiting
