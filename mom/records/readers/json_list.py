"""JSON (a list of records, perhaps inside an object) and JSON lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mom.records.mapping import FileForm
from mom.records.paths import inside
from mom.records.reader import BROKEN, Reader, Record, Table, unreadable


def open_json(path: Path, form: FileForm) -> Table:
    try:
        data = json.loads(path.read_text(encoding=form.encoding))
    except (ValueError, RecursionError) as error:
        raise unreadable(path, f"is not JSON: {error}") from error
    found = inside(data, form.inside)
    records = [found] if isinstance(found, dict) else found
    if not isinstance(records, list):
        where = f"at {form.inside!r}" if form.inside else "at its top"
        raise unreadable(path, f"has no list of records {where}", "Name the place in the mapping: form: {inside: …}.")
    return Table(None, (_record(path, number, record) for number, record in enumerate(records, 1)))


def open_lines(path: Path, form: FileForm) -> Table:
    return Table(None, _lines(path, form))


def _lines(path: Path, form: FileForm) -> Iterator[Record]:
    """A line that is no JSON object costs one record, not the file."""
    with path.open(encoding=form.encoding, errors="backslashreplace") as stream:
        for line in stream:
            if line.strip():
                yield _one(line)


def _one(line: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {BROKEN: line.strip()}
    return record if isinstance(record, dict) else {BROKEN: line.strip()}


def _record(path: Path, number: int, record: Any) -> Record:
    if not isinstance(record, dict):
        raise unreadable(path, f"record {number} is {str(record)[:40]!r}; expected an object")
    return record


json_list = Reader("json", (".json",), open_json)
json_lines = Reader("jsonl", (".jsonl", ".ndjson"), open_lines)
