"""A recording of a machine: a CSV file `time_s,node,value,type` with a line for each change."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

COLUMNS = ["time_s", "node", "value", "type"]
Kind = Literal["bool", "number", "text"]
TRUTH = {"True": True, "False": False, "true": True, "false": False, "1": True, "0": False}


class BadRecording(ValueError):
    """The file is no recording; says where and what was expected."""


@dataclass(frozen=True)
class Change:
    """`node` shows `value` from `time_s` seconds after the recording's start on."""

    time_s: float
    node: str
    value: bool | float | str


@dataclass(frozen=True)
class Recording:
    """All changes in order of time, and what kind of value each node has.

    `repeated`: lines left out because their node showed the same value before; OPC UA reports no such thing.
    """

    name: str
    kinds: dict[str, Kind]
    changes: tuple[Change, ...]
    repeated: int = 0

    @property
    def seconds(self) -> float:
        return self.changes[-1].time_s if self.changes else 0.0


def read_recording(path: Path) -> Recording:
    """The recording in the file `path`, or in the one CSV file of the folder `path`. Raises BadRecording."""
    file = _file(path)
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines)
        if next(reader, None) != COLUMNS:
            raise BadRecording(f"{file}:1: expected the columns {','.join(COLUMNS)}")
        rows = [_row(file, reader.line_num, row) for row in reader if row]
    if not rows:
        raise BadRecording(f"{file}: has no changes")
    kinds = _kinds(rows)
    shown = [Change(time_s, node, _value(kinds[node], value)) for time_s, node, value, _ in rows]
    changes = tuple(_changes(sorted(shown, key=lambda change: change.time_s)))
    return Recording(file.stem, kinds, changes, len(shown) - len(changes))


def _changes(shown: list[Change]) -> Iterator[Change]:
    last: dict[str, bool | float | str] = {}
    for change in shown:
        if change.node not in last or last[change.node] != change.value:
            yield change
        last[change.node] = change.value


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(path.glob("*.csv"))
    if len(found) != 1:
        raise BadRecording(f"{path}: expected a CSV file, or a folder with one; it has {len(found)}")
    return found[0]


def _row(file: Path, line: int, row: list[str]) -> tuple[float, str, str, str]:
    try:
        time_s, node, value, kind = row
        seconds = float(time_s)
    except ValueError as error:
        raise BadRecording(f"{file}:{line}: expected {','.join(COLUMNS)}, got {','.join(row)!r}") from error
    if not math.isfinite(seconds) or seconds < 0 or not node:
        raise BadRecording(f"{file}:{line}: expected a time in seconds and a node's name, got {','.join(row)!r}")
    return seconds, node, value, kind


def _kinds(rows: list[tuple[float, str, str, str]]) -> dict[str, Kind]:
    """By the type column, unless a value does not fit it: then the node is a text."""
    kinds: dict[str, Kind] = {}
    for _, node, value, kind in rows:
        wanted: Kind = (
            "bool" if kind in ("Binary", "Alarm") else "number" if kind in ("Continuous", "Counter") else "text"
        )
        fits = wanted == "text" or (value in TRUTH if wanted == "bool" else _is_number(value))
        kinds[node] = kinds.get(node, wanted) if fits else "text"
    return kinds


def _value(kind: Kind, value: str) -> bool | float | str:
    return TRUTH[value] if kind == "bool" else float(value) if kind == "number" else value


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False
