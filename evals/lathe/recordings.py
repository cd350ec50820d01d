"""Recordings of a machine as CSV files (time_s, node, value, type), an expert's graph of it, and what each run's cause was.

The layout: normal/*.csv; faults/…/<run>/*.csv, with <scenario>_description.json above the run; expert_graph/all_edges.csv
and all_nodes.csv. `runs`, `normals` and `expert_graph` open no label; `causes_of` opens nothing else.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mom.cause_graph.graph import CauseGraph, cause_graph
from mom.cycles.recording import Kind, Recording, Value, recorded
from mom.errors import BadInput

KINDS: dict[str, Kind] = {
    "Binary": "binary",
    "Continuous": "number",
    "Counter": "counter",
    "Categorical": "text",
    "Alarm": "alarm",
}
COLUMNS = ("time_s", "node", "value", "type")


@dataclass(frozen=True, slots=True)
class Truth:
    """What caused a run's trouble: the signals that were manipulated."""

    group: str
    scenario: str
    causes: tuple[str, ...]


def normals(folder: Path) -> list[Recording]:
    """Normal production. Raises BadInput when there is none, or a file is not a recording."""
    found = [read(path, folder) for path in sorted((folder / "normal").glob("*.csv"))]
    if not found:
        raise BadInput(f"{folder / 'normal'} holds no *.csv.", remedy="Give the folder with normal/ and faults/ in it.")
    return found


def runs(folder: Path) -> list[Recording]:
    """The runs below faults/, by the path of their file. Tables beside them that are no recordings are passed over."""
    paths = [path for path in sorted((folder / "faults").rglob("*.csv")) if _columns(path) == COLUMNS]
    return [read(path, folder) for path in paths]


def expert_graph(folder: Path) -> CauseGraph | None:
    """None: the folder has none."""
    edges, nodes = folder / "expert_graph" / "all_edges.csv", folder / "expert_graph" / "all_nodes.csv"
    if not edges.is_file():
        return None
    pairs = [(row["source_label"], row["target_label"]) for row in _rows(edges)]
    alarms = [row["label"] for row in _rows(nodes) if row["type"] == "Alarm"] if nodes.is_file() else []
    return cause_graph(pairs, alarms)


def causes_of(folder: Path, run: str) -> Truth:
    """Opens the run's label. Raises BadInput when it has none."""
    path = folder / run
    for above in path.parents:
        for label in sorted(above.glob("*_description.json")):
            told = json.loads(label.read_text(encoding="utf-8"))
            return Truth(told["group"], told["exp_id"], tuple(told["manipulatedVars"]))
        if above == folder:
            break
    raise BadInput(
        f"{run} has no *_description.json above it.", remedy="It is looked for from the run's folder upwards."
    )


def read(path: Path, folder: Path) -> Recording:
    """One file, named by its path in the folder. Raises BadInput, naming file, line and value."""
    name = path.relative_to(folder).as_posix()
    rows = list(_changes(path, name))
    if not rows:
        raise BadInput(f"{name} holds no rows.")
    return recorded(name, rows)


def _changes(path: Path, name: str) -> Iterator[tuple[float, str, Kind, Value]]:
    for line, row in enumerate(_rows(path), start=2):
        kind = KINDS.get(row["type"] or "")
        if kind is None:
            raise BadInput(f"{name}, line {line}: type {row['type']!r} is none of {', '.join(KINDS)}.")
        try:
            yield float(row["time_s"]), row["node"], kind, _value(kind, row["value"])
        except ValueError as error:
            raise BadInput(f"{name}, line {line}: {row['time_s']!r}, {row['value']!r} is no {row['type']}.") from error


def _value(kind: Kind, text: str) -> Value:
    if kind in ("binary", "alarm"):
        return text.casefold() in ("true", "1", "1.0")
    return float(text) if kind in ("number", "counter") else text


def _columns(path: Path) -> Sequence[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(next(csv.reader(file), ()))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
