"""A CSV file as rows with their lines, or a message that says what is wrong where."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mom.errors import BadInput

STATES = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
"""How people write yes and no, in small letters."""
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`: as people know the file. `rows`: (line, value by column)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def columns(path: Path, name: str) -> tuple[str, ...]:
    """The names in the first line; none: the file is empty. Raises BadInput."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return _columns(_first(file, name))


def sheet(path: Path, name: str, needed: Sequence[str] = ()) -> Sheet:
    """Comma, semicolon or tab between the columns, which may come in any order, others beside those needed.

    Raises BadInput: no UTF-8, empty, a column lacks, a row is cut off.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        first = _first(file, name)
        found = _columns(first)
        if not found:
            raise BadInput(f"{name} is empty.", remedy="Give its rows, or take it away.")
        if lacking := [column for column in needed if column not in found]:
            raise BadInput(f"{name} has no column {', '.join(lacking)}: there are {', '.join(found)}.")
        return Sheet(name, found, tuple(_rows(file, name, found, _separator(first))))


def _rows(file: Iterator[str], name: str, found: Sequence[str], separator: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(file, delimiter=separator)
    try:
        for cells in reader:
            if cells and len(cells) != len(found):
                raise BadInput(
                    f"{name}, line {reader.line_num + 1}: {len(cells)} of {len(found)} columns: {separator.join(cells)!r}.",
                    remedy="Mend or take away the line; it may have been cut off.",
                )
            if cells:
                yield reader.line_num + 1, dict(zip(found, cells, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _no_text(name, error) from error


def _first(file: Iterator[str], name: str) -> str:
    try:
        return next(file, "").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _no_text(name, error) from error


def _no_text(name: str, error: Exception) -> BadInput:
    return BadInput(f"{name} is no CSV in UTF-8: {error}.", remedy="Save it as text in UTF-8.")


def _columns(first: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in next(csv.reader([first], delimiter=_separator(first)), ()))


def _separator(first: str) -> str:
    return max(SEPARATORS, key=first.count)
