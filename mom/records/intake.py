"""Records of one block of a mapping, a batch at a time: mapped, stored, or put to wait with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from mom.records.counts_in import store_counts
from mom.records.equipment_book import EquipmentBook
from mom.records.equipment_in import check_level, store_equipment
from mom.records.mapper import Mapper
from mom.records.nouns import EQUIPMENT_FIELDS
from mom.records.reader import BROKEN, Record
from mom.records.row import Row
from mom.records.unmappable import Unmappable
from mom.records.versions import Stored, store_versions
from mom.records.waiting import Waiting, keep_waiting, settle_keys


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the records read: every one is stored, unchanged, waiting or none of the block's business."""

    read: int = 0
    stored: int = 0  # of which `changed` are new versions of something known
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(slots=True)
class Intake:
    """Takes the records of one block in. It remembers the keys it saw, so that a key that comes again is noticed."""

    mapper: Mapper
    book: EquipmentBook
    source: str
    origin: dict[str, str]  # kept with what waits, so that it can be mapped again
    _seen: dict[str, str] = field(default_factory=dict)
    _times: dict[str, int] = field(default_factory=dict)

    def next_file(self) -> None:
        """The same key in another file is the same record again, not the next one."""
        self._times.clear()

    async def take(self, connection: psycopg.AsyncConnection, records: Sequence[Record], now: datetime) -> Tally:
        """Map and store `records` in the caller's transaction."""
        mapped: list[tuple[Row, Record]] = []
        waiting: list[Waiting] = []
        skipped = repeated = 0
        for record in records:
            view, key = self.mapper.view(record), ""
            try:
                if BROKEN not in record and not self.mapper.applies(view):
                    skipped += 1
                    continue
                key = "" if BROKEN in record else self.mapper.key(view)
                self.mapper.check(record)
                row = self._named(self.mapper.row(record, view, key))
            except Unmappable as reason:
                waiting.append(Waiting(key, record, reason, self.origin))
                continue
            if row is None:
                repeated += 1
            elif row.key != key and self.mapper.block.repeats == "wait":
                again = Unmappable(", ".join(self.mapper.block.key), f"{key!r} came before with other values")
                waiting.append(Waiting(row.key, record, again, self.origin))
            else:
                mapped.append((row, record))
        placed, unplaced = await self._place(connection, mapped)
        stored, refused = await self._store(connection, placed, now)
        waiting += unplaced + refused
        await settle_keys(connection, *self._owner, [row.key for row, _ in placed], now)
        await keep_waiting(connection, *self._owner, waiting)
        return Tally(len(records), stored.stored, stored.changed, stored.unchanged + repeated, len(waiting), skipped)

    @property
    def _owner(self) -> tuple[int, str, str]:
        return self.book.site.id, self.source, self.mapper.noun.name

    def _named(self, row: Row) -> Row | None:
        """The row under the name that it is kept by; None when it is word for word one that came before."""
        policy = self.mapper.block.repeats
        if policy == "last":
            return row
        if policy == "number":
            times = self._times[row.key] = self._times.get(row.key, 0) + 1
            row.key = row.key if times == 1 else f"{row.key} #{times}"
        if self._seen.setdefault(row.key, row.digest) == row.digest:
            return row
        if policy == "wait":
            row.key = f"{row.key} #2"
        return row

    async def _place(
        self, connection: psycopg.AsyncConnection, mapped: list[tuple[Row, Record]]
    ) -> tuple[list[tuple[Row, Record]], list[Waiting]]:
        """Equipment as the store names it: its id for counts, its path for records."""
        placed: list[tuple[Row, Record]] = []
        unplaced: list[Waiting] = []
        for row, record in mapped:
            try:
                if self.mapper.noun.name == "equipment":
                    check_level(row, self.mapper.block.level)
                for name in EQUIPMENT_FIELDS & row.values.keys():
                    await self._find(connection, row, name)
                placed.append((row, record))
            except Unmappable as reason:
                unplaced.append(Waiting(row.key, record, reason, self.origin))
        return placed, unplaced

    async def _find(self, connection: psycopg.AsyncConnection, row: Row, name: str) -> None:
        block, said = self.mapper.block, row.values[name]
        known = self.book.find(said, name)
        if known is None and block.new_equipment == "create":
            known = await self.book.create(connection, said, block.level, name)
        known = known or self.book.need(said, name)
        row.values[name] = known.id if self.mapper.noun.name == "counts" else known.path

    async def _store(
        self, connection: psycopg.AsyncConnection, placed: list[tuple[Row, Record]], now: datetime
    ) -> tuple[Stored, list[Waiting]]:
        """All at once; if PostgreSQL refuses a value, one by one, so that one bad record costs one record."""
        if not placed:
            return Stored(), []
        try:
            async with connection.transaction():
                return await self._write(connection, [row for row, _ in placed], now), []
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            if len(placed) == 1:
                row, record = placed[0]
                reason = Unmappable("the record", f"the store refuses it: {str(error).splitlines()[0]}")
                return Stored(), [Waiting(row.key, record, reason, self.origin)]
        half = len(placed) // 2
        first, first_refused = await self._store(connection, placed[:half], now)
        second, second_refused = await self._store(connection, placed[half:], now)
        return first + second, first_refused + second_refused

    async def _write(self, connection: psycopg.AsyncConnection, rows: list[Row], now: datetime) -> Stored:
        site_id, source, noun = self._owner
        if noun == "counts":
            return await store_counts(connection, site_id, source, rows, now)
        if noun == "equipment":
            return await store_equipment(connection, self.book, rows)
        partial = self.mapper.block.partial
        return await store_versions(connection, noun, (site_id, source), rows, now, partial=partial)
