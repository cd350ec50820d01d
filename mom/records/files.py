"""The files of a folder that a pattern names, and their records."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import mom.records.readers
from mom.discover import discover
from mom.errors import BadInput
from mom.records.mapping import FileForm
from mom.records.reader import Reader, Table, unreadable


@cache
def readers() -> dict[str, Reader]:
    """By the ending of a file's name."""
    return {end: reader for reader in discover(mom.records.readers, Reader).values() for end in reader.endings}


def matching(folder: Path, pattern: str) -> list[Path]:
    """The files of `folder` that `pattern` names and that can be read, in the order of their names."""
    return sorted(path for path in folder.glob(pattern) if path.is_file() and path.suffix.lower() in readers())


def open_table(path: Path, form: FileForm) -> Table:
    """Raises BadInput when the file is not what its ending says."""
    try:
        return readers()[path.suffix.lower()].open(path, form)
    except OSError as error:
        raise unreadable(path, f"cannot be read: {error.strerror}") from error


def check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder.", remedy="Give the folder of the files after --data.")


def near(name: str, known: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """A hint for a name that is not there."""
    names = list(known)
    close = get_close_matches(name, names, 1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names[:20])}"
