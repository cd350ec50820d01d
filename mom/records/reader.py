"""What reads records out of a file: one leaf of mom/records/readers for each form of file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mom.errors import BadInput
from mom.records.mapping import FileForm

Record = dict[str, Any]
SURPLUS = "(beyond the last column)"
"""The key of what a row has more than its header."""
BROKEN = "(the line)"
"""The key of a line that is no record; it waits like one."""


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its columns, where the form tells them beforehand, and its records one after the other."""

    columns: tuple[str, ...] | None
    records: Iterator[Record]


@dataclass(frozen=True, slots=True)
class Reader:
    """`open` raises BadInput when the file is not what its ending says."""

    name: str
    endings: tuple[str, ...]
    open: Callable[[Path, FileForm], Table]


def unreadable(path: Path, what: str, remedy: str | None = None) -> BadInput:
    return BadInput(f"{path}: {what}.", remedy=remedy)
