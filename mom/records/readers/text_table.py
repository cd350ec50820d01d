"""CSV and TSV: the first line names the columns."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mom.records.mapping import FileForm
from mom.records.reader import SURPLUS, Reader, Record, Table, unreadable

LONGEST_CELL = 1_000_000


def open_text(path: Path, form: FileForm) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    encoding = "utf-8-sig" if form.encoding.lower().replace("_", "-") == "utf-8" else form.encoding
    stream = path.open(encoding=encoding, newline="")
    delimiter = form.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")
    rows = _rows(path, stream, delimiter)
    header = [name.strip() for name in next(rows, [])]
    if not any(header):
        raise unreadable(path, "is empty; expected a first line with the names of the columns")
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        raise unreadable(path, f"the column {', '.join(sorted(twice))} stands twice", "Rename one of them.")
    return Table(tuple(header), _records(header, rows))


def _rows(path: Path, stream: TextIO, delimiter: str) -> Iterator[list[str]]:
    with stream:
        reader = csv.reader(stream, delimiter=delimiter)
        try:
            yield from reader
        except csv.Error as error:
            raise unreadable(path, f"line {reader.line_num}: {error}") from error
        except UnicodeDecodeError as error:
            remedy = "Name the file's encoding in the mapping: form: {encoding: cp1252}."
            raise unreadable(path, f"is not {error.encoding} from about line {reader.line_num}", remedy) from error


def _records(header: list[str], rows: Iterator[list[str]]) -> Iterator[Record]:
    for row in rows:
        if not any(row):
            continue
        record: Record = dict(zip(header, row, strict=False))
        surplus = [cell for cell in row[len(header) :] if cell.strip()]
        if surplus:
            record[SURPLUS] = surplus
        yield record


csv_table = Reader("csv", (".csv", ".tsv", ".txt"), open_text)
