"""What other systems wrote, as whole records of a past: mapped and stored as their messages would be."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import select

from mom.database.access import Store
from mom.models import Site
from mom.records.equipment_book import EquipmentBook
from mom.records.intake import Intake, Tally
from mom.records.load import load_mapping
from mom.records.mapper import Mapper
from mom.records.paths import inside
from mom.records.sites import SiteRow
from mom.settings import ROOT

MAPPINGS = ROOT / "examples" / "webhooks"
"""What the demo's systems send is mapped as anybody's would be."""


class Record(Protocol):
    """What a system knew: its name for it, the moment when it wrote it, and the fields as it would send them."""

    @property
    def system(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> dict[str, Any]: ...


async def load_records(store: Store, site_code: str, records: Iterable[Record]) -> Tally:
    """Store what the systems wrote, a day at a time, as known since that day. Again changes nothing."""
    total = Tally()
    async with store.read() as session:
        found = (await session.scalars(select(Site).where(Site.code == site_code))).one()
        site = SiteRow(found.id, found.code, found.time_zone)
    listed = list(records)
    mappers = _mappers({record.system for record in listed}, site)
    async with await store.connect() as connection, connection.transaction():
        book = await EquipmentBook(site).read(connection)
        for system, group in _days(listed):
            for mapper in mappers[system]:
                messages = [_message(record) for record in group if record.kind == mapper.block.when["message.type"]]
                if messages:
                    intake = Intake(mapper, book, system, {"records": mapper.block.name})
                    taken = [{**inside(message, mapper.block.inside), "message": message} for message in messages]
                    total += await intake.take(connection, taken, group[-1].at)
    return total


def _mappers(systems: Iterable[str], site: SiteRow) -> dict[str, list[Mapper]]:
    files = {system: load_mapping(MAPPINGS / f"{system}.yaml") for system in systems}
    return {system: [Mapper(file, block, site.zone) for block in file.records] for system, file in files.items()}


def _days(records: Iterable[Record]) -> Iterator[tuple[str, list[Record]]]:
    """By system, day and how often the key came before that day's end: a later state must find the earlier one."""
    times: Counter[tuple[str, str, str]] = Counter()
    placed = []
    for record in records:
        name = (record.system, record.kind, record.key)
        times[name] += 1
        placed.append(((record.at.date(), times[name], record.system), record))
    for (_, _, system), group in groupby(sorted(placed, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        yield system, [record for _, record in group]


def _message(record: Record) -> dict[str, Any]:
    """As the system's webhook would say it."""
    return {"type": record.kind, "timestamp": record.at.isoformat(), "data": {"key": record.key, **record.data}}
