"""A plant to be asked about: simulated, of another seed than the demo's, loaded the way that everything takes."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.check import check_plant
from connectors.past import load_past
from mom.database.access import Store
from mom.facts import Window
from mom.history.derive import derive_touched
from mom.knowledge.index import index_all
from mom.losses.find import find_losses
from mom.models import Equipment, Site, User
from mom.plant.schema import Plant
from mom.settings import Settings
from simulator.plant.plant import Plant as Simulated

SEED, DAYS = 4242, 12
NOW = datetime(2026, 3, 27, 16, 20, tzinfo=UTC)
"""A Friday, in the late shift; the clocks change two days later."""
LoadRecords = Callable[[Store, str, Iterable[Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Built:
    """The plant, and what only its maker knows."""

    site_id: int
    plant: Plant
    truth: list[dict[str, object]]
    user_id: int


async def build(
    store: Store, settings: Settings, load_records: LoadRecords, folder: Path, *, days: float = DAYS, seed: int = SEED
) -> Built:
    """Live through the past, load its readings and records, derive its history, find its losses, index its texts."""
    plant = check_plant(settings.plant)
    lived = Simulated(seed, days, now=NOW, plant=settings.plant)
    await load_past(store, plant, (list(batch.rows()) for batch in lived.past()), folder, NOW)
    await load_records(store, plant.site.id, lived.records())
    while (await derive_touched(store)).touched:
        pass
    async with store.write.begin() as session:
        site_id, ids = await _ids(session, plant.site.id)
        window = Window(lived.start, NOW)
        await find_losses(session, site_id, ids, window, NOW, wakes=False)
        user = User(site_id=site_id, name="eva", display_name="Eva", roles=["supervisor", "planner"])
        session.add(user)
    await index_all(store, settings)
    return Built(site_id, plant, lived.truth(), user.id)


async def _ids(session: Any, code: str) -> tuple[int, list[int]]:
    from sqlalchemy import select

    site_id = await session.scalar(select(Site.id).where(Site.code == code))
    found = await session.scalars(select(Equipment.id).where(Equipment.site_id == site_id, Equipment.active))
    return site_id, list(found)
