"""Plants drawn from seeds, loaded the way that everything takes; and what their troubles cost in truth."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from connectors.check import check_plant
from connectors.gaps import Gap, store_gaps
from connectors.past import load_past
from mom.database.access import Store
from mom.facts import Window
from mom.history.derive import derive_touched
from mom.losses.find import find_losses
from mom.models import Equipment, Site, Tag
from mom.plant.schema import Plant
from mom.records.written import load_records
from mom.settings import Settings
from simulator.drawn.plant import DrawnPlant
from simulator.drawn.readings import Row


@dataclass(frozen=True, slots=True)
class Built:
    """A drawn plant in the store, and what only its maker knows. `alerts`: ids of losses that wake people, by their rules."""

    site_id: int
    plant: Plant
    truth: list[dict[str, Any]]
    drawn: DrawnPlant
    alerts: frozenset[int] = frozenset()


async def build_drawn(
    store: Store,
    settings: Settings,
    plant: DrawnPlant,
    folder: Path,
    *,
    losses: bool = True,
    texts: bool = False,
    meanings: Collection[str] | None = None,
) -> Built:
    """Load a drawn plant's readings, gaps and records, derive its history, find its losses (waking nobody).

    A site of its own (`drawn-SEED`), so that one store holds many. `texts`: also index what people wrote, which is slow.
    `meanings`: load only the readings of tags that mean one of these (state, good …): quicker.
    """
    checked = check_drawn(plant, folder)
    await load_past(store, checked, _batches(plant, checked, meanings), folder, plant.now)
    site_id, equipment = await _ids(store, checked.site.id)
    await _store_gaps(store, site_id, plant, equipment)
    await load_records(store, checked.site.id, plant.records())
    while (await derive_touched(store)).touched:
        pass
    alerts: set[int] = set()
    if losses:
        async with store.write.begin() as session:
            window = Window(plant.start, plant.now)
            changes = await find_losses(session, site_id, list(equipment.values()), window, plant.now, wakes=False)
            alerts = changes.alerts
    if texts:
        from mom.knowledge.index import index_all

        await index_all(store, settings)
    return Built(site_id, checked, plant.truth(), plant, frozenset(alerts))


def _batches(plant: DrawnPlant, checked: Plant, meanings: Collection[str] | None) -> Iterator[list[Row]]:
    tags = (tag for block in checked.connectors for tag in block.tags)
    wanted = {tag.id for tag in tags if meanings is None or tag.meaning.value in meanings}
    for batch in plant.past():
        yield [row for row in batch.rows() if row[0] in wanted]


def check_drawn(plant: DrawnPlant, folder: Path) -> Plant:
    """The plant file, written to `folder` and read as any plant's is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{plant.file['site']['id']}.yaml"
    path.write_text(yaml.safe_dump(plant.file, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return check_plant(path)


async def _ids(store: Store, code: str) -> tuple[int, dict[str, int]]:
    async with store.read() as session:
        site_id = (await session.scalars(select(Site.id).where(Site.code == code))).one()
        rows = await session.execute(
            select(Equipment.path, Equipment.id).where(Equipment.site_id == site_id, Equipment.active)
        )
        return site_id, {row.path: row.id for row in rows}


async def _store_gaps(store: Store, site_id: int, plant: DrawnPlant, equipment: dict[str, int]) -> None:
    """As the collector would have: by connector."""
    gaps = [Gap(**gap) for gap in plant.gaps()]
    if not gaps:
        return
    async with store.read() as session:
        rows = await session.execute(select(Tag.connector, Tag.equipment_id).where(Tag.site_id == site_id).distinct())
        below: dict[str, list[int]] = {}
        for connector, equipment_id in rows:
            below.setdefault(connector, []).append(equipment_id)
    async with await store.connect() as connection, connection.transaction():
        await store_gaps(connection, site_id, [gap.as_json() for gap in gaps], {}, lambda name: below.get(name, []))
