"""One record through one block of a mapping: a row, or the field and reason why not. No store, no clock."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from mom.records.field_reader import field_reader
from mom.records.mapping import Mapping as MappingFile
from mom.records.mapping import Records, ScrapBy
from mom.records.nouns import VERSION_FIELDS, nouns
from mom.records.pieces import complete
from mom.records.reader import BROKEN, SURPLUS, Record
from mom.records.row import Row
from mom.records.unmappable import Unmappable
from mom.records.values import Form, convert, is_empty, plain_text
from mom.records.view import Lookup, View

LONGEST_KEY = 1_000


class Mapper:
    """Maps the records of one block."""

    def __init__(
        self, file: MappingFile, block: Records, zone: ZoneInfo, lookups: Mapping[str, Lookup] | None = None
    ) -> None:
        self.block = block
        self.noun = nouns()[block.noun]
        self._lookups = lookups or {}
        self._empty = frozenset(file.form.empty)
        self._form = Form(zone=zone, decimal=file.form.decimal, thousands=file.form.thousands)
        shifts = {shift.name: shift for shift in file.calendar.shifts} if file.calendar else {}
        self._readers = [
            field_reader(given, self.noun.fields[name], self._form, shifts) for name, given in block.fields.items()
        ]
        self._reasons: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def view(self, record: Record) -> View:
        return View(record, self.block.join, self._lookups, self._form, self._empty)

    def check(self, record: Record) -> None:
        """Raises Unmappable for what is no whole record."""
        if BROKEN in record:
            raise Unmappable(BROKEN, f"{record[BROKEN][:60]!r}: expected a JSON object")
        if SURPLUS in record:
            raise Unmappable(SURPLUS, f"{record[SURPLUS]}: the row has more cells than the header has columns")

    def applies(self, view: View) -> bool:
        """Whether the block is about this record at all."""
        for column, wanted in self.block.when.items():
            if view.text(column) not in ((wanted,) if isinstance(wanted, str) else wanted):
                return False
        return all(view.get(column) is not None for column in self.block.filled)

    def key(self, view: View) -> str:
        """What names the record. Raises Unmappable when all of it is empty."""
        parts = [view.text(column) for column in self.block.key]
        if not any(parts):
            raise Unmappable(", ".join(self.block.key), "empty: the record has no key")
        key = convert("key", "|".join(parts), "text", Form())
        if len(key) > LONGEST_KEY:
            raise Unmappable("key", f"{len(key):,} signs: expected at most {LONGEST_KEY:,}")
        return str(key)

    def row(self, record: Record, view: View, key: str) -> Row:
        """Raises Unmappable."""
        values = {reader.target.name: reader.read(view) for reader in self._readers}
        for name in self.noun.required:
            if values.get(name) is None and not self.block.partial:
                raise Unmappable(name, f"nothing in it; expected {self._expected(name)}")
        row = Row(key, values, self._more(view))
        row.version = str(values.pop("version", None) or "")
        row.valid = (values.pop("valid_from", None), values.pop("valid_to", None))
        if self.noun.name == "counts":
            self._pieces(row, record, view)
        row.values = {name: value for name, value in values.items() if value is not None and name not in VERSION_FIELDS}
        return row.seal()

    def _expected(self, name: str) -> str:
        given = self.block.fields[name]
        place = f"in column {given.column}" if given.column else f"from {given.calc or given.text or name}"
        return f"a value {place}"

    def _pieces(self, row: Row, record: Record, view: View) -> None:
        if self.block.scrap_by:
            for column, reason in self._reason_columns(self.block.scrap_by, record):
                value = view.number(column)
                if value is not None and value < 0:
                    raise Unmappable(column, f"{value:g}: expected 0 or more")
                if value:
                    row.scrap_by[reason] = row.scrap_by.get(reason, 0.0) + value
        doubt = complete(row.values, row.scrap_by)
        if doubt:
            row.more["doubt"] = doubt

    def _reason_columns(self, by: ScrapBy, record: Record) -> list[tuple[str, str]]:
        columns = tuple(record)
        if columns not in self._reasons:
            self._reasons[columns] = [(name, by.names.get(name, name)) for name in reason_columns(by, columns)]
        return self._reasons[columns]

    def _more(self, view: View) -> dict[str, Any]:
        found = ((column, view.get(column)) for column in self.block.more)
        return {column: _plain(column, value) for column, value in found if value is not None}


def reason_columns(by: ScrapBy, columns: Iterable[str]) -> list[str]:
    """The columns that count scrap of a reason."""
    return [
        name
        for name in columns
        if any(fnmatchcase(name, pattern) for pattern in by.columns)
        and not any(fnmatchcase(name, pattern) for pattern in by.but)
    ]


def _plain(column: str, value: Any) -> Any:
    """As JSON may hold it and PostgreSQL can."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        number = convert(column, value, "number", Form())
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if isinstance(value, Mapping):
        return {plain_text(name): _plain(column, inner) for name, inner in value.items() if not is_empty(inner)}
    if isinstance(value, list | tuple):
        return [_plain(column, inner) for inner in value]
    return convert(column, value, "text", Form())
