"""Files of a folder into the store, by a mapping. The same again changes nothing; stopped half-way, start it again."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from mom.database.access import Store
from mom.errors import BadInput
from mom.records.equipment_book import EquipmentBook
from mom.records.files import check_folder, matching, near, open_table
from mom.records.intake import Intake, Tally
from mom.records.load import columns_of, load_mapping
from mom.records.mapper import Mapper
from mom.records.mapping import Mapping, Records
from mom.records.reader import Table
from mom.records.sites import ensure_site
from mom.records.values import plain_text
from mom.records.view import Lookup

BATCH = 5_000
"""Records a transaction."""
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Imported:
    """What an import came to, in all and by block of the mapping."""

    site: str
    total: Tally = field(default_factory=Tally)
    records: dict[str, Tally] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "site": self.site,
            **asdict(self.total),
            "records": {name: asdict(tally) for name, tally in self.records.items()},
            "files": self.files,
            "notes": self.notes,
        }


async def import_folder(
    store: Store, mapping_path: Path, folder: Path, now: datetime, progress: Progress = lambda *_: None
) -> Imported:
    """Raises BadInput for a mapping, folder or file that is wrong; single records that are wrong wait in the store."""
    mapping = load_mapping(mapping_path)
    if mapping.site is None:
        raise BadInput(f"{mapping_path}: is for messages, not for files.", remedy="Add site: {id: …} and files.")
    check_folder(folder)
    plan = _plan(mapping, mapping_path, folder)
    lookups, notes = read_lookups(mapping, folder)
    async with await store.connect() as connection:
        site = await ensure_site(connection, mapping.site)
        await connection.commit()
        result = Imported(site.code, notes=notes + [note for _, _, note in plan if note])
        book = await EquipmentBook(site).read(connection)
        for block, files, _ in plan:
            mapper = Mapper(mapping, block, site.zone, lookups)
            origin = {"mapping": str(mapping_path), "records": block.name, "folder": str(folder)}
            intake = Intake(mapper, book, mapping.source, origin)
            for path in files:
                tally = await _import_file(connection, intake, mapping, path, now, progress)
                result.records[block.name] = result.records.get(block.name, Tally()) + tally
                result.total += tally
                result.files.append(path.relative_to(folder).as_posix())
    result.files = sorted(set(result.files))
    return result


def _plan(mapping: Mapping, mapping_path: Path, folder: Path) -> list[tuple[Records, list[Path], str]]:
    """Each block with its files, all looked at before the first record is read."""
    plan = []
    for block in mapping.records:
        files = matching(folder, block.files or "")
        for path in files:
            _check_columns(mapping, block, mapping_path, path)
        plan.append((block, files, "" if files else f"{block.name}: no file matches {block.files}"))
    if not any(files for _, files, _ in plan):
        names = ", ".join(sorted(path.name for path in folder.iterdir())[:10]) or "nothing"
        wanted = ", ".join(sorted({block.files or "" for block in mapping.records}))
        raise BadInput(f"{folder}: no file matches {wanted}; there is {names}.", remedy="Check --data or the mapping.")
    return plan


def _check_columns(mapping: Mapping, block: Records, mapping_path: Path, path: Path) -> None:
    """A column that the mapping needs and the file does not have is one fault, not one for each record."""
    columns = open_table(path, mapping.form).columns
    if columns is None:
        return
    wanted = {name: given for name, given in block.fields.items() if not given.optional}
    needed = {column: name for name, given in wanted.items() for column in columns_of(given)}
    needed |= dict.fromkeys((*block.key, *block.join.values(), *block.when, *block.filled), "key, join, when or filled")
    for column, use in needed.items():
        if column not in columns and column.partition(".")[0] not in mapping.lookups:
            raise BadInput(
                f"{path}: has no column {column!r}, which {mapping_path} needs for {use} of {block.name!r}; "
                f"{near(column, columns)}",
                remedy="Correct the mapping, or mark the field optional: true.",
            )


def read_lookups(mapping: Mapping, folder: Path) -> tuple[dict[str, Lookup], list[str]]:
    """The rows of every lookup by its key, and what a person should know of them."""
    lookups: dict[str, Lookup] = {}
    notes: list[str] = []
    for name, lookup in mapping.lookups.items():
        files = matching(folder, lookup.files)
        rows: dict[str, dict[str, Any]] = {}
        for path in files:
            rows |= {plain_text(row.get(lookup.key)): row for row in open_table(path, mapping.form).records}
        lookups[name] = rows
        if not files:
            notes.append(f"lookup {name}: no file matches {lookup.files}; what it would tell stays empty")
    return lookups, notes


async def _import_file(
    connection: psycopg.AsyncConnection, intake: Intake, mapping: Mapping, path: Path, now: datetime, progress: Progress
) -> Tally:
    intake.next_file()
    tally = Tally()
    for batch in _batches(open_table(path, mapping.form)):
        async with connection.transaction():
            tally += await intake.take(connection, batch, now)
        progress(path.name, tally.read)
    return tally


def _batches(table: Table) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(table.records, BATCH)):
        yield batch
