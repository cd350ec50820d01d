"""Recordings of a machine as CSV files (time_s, node, value, type), an expert's graph of it, and what each run's cause was.

The layout: normal/*.csv; faults/…/<run>/*.csv, with <scenario>_description.json above the run; expert_graph/all_edges.csv
and all_nodes.csv. `runs`, `normals` and `expert_graph` open no label; `causes_of` opens nothing else.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.sheet import STATES, columns, sheet
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
LABEL = "*_description.json"


@dataclass(frozen=True, slots=True)
class Truth:
    """What caused a run's trouble: the signals that were manipulated."""

    group: str
    scenario: str
    causes: tuple[str, ...]


def normals(folder: Path) -> list[Recording]:
    """Normal production. Raises BadInput when there is none, or a file is not a recording."""
    found = [read(path, folder) for path in _files(folder / "normal")]
    if not found:
        raise BadInput(f"{folder / 'normal'} holds no *.csv.", remedy="Give the folder with normal/ and faults/ in it.")
    return found


def runs(folder: Path) -> list[Recording]:
    """The runs below faults/, by the path of their file. Tables beside them without a column time_s are passed over.
    Raises BadInput."""
    paths = [(path, columns(path, path.relative_to(folder).as_posix())) for path in _files(folder / "faults")]
    return [read(path, folder) for path, there in paths if not there or COLUMNS[0] in there]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.csv")) if path.is_file()]


def expert_graph(folder: Path) -> CauseGraph | None:
    """None: the folder has none. Raises BadInput where it holds no edges, or lacks a column."""
    edges, nodes = folder / "expert_graph" / "all_edges.csv", folder / "expert_graph" / "all_nodes.csv"
    if not edges.is_file():
        return None
    ends = ("source_label", "target_label")
    pairs = []
    for line, row in sheet(edges, f"expert_graph/{edges.name}", ends).rows:
        if not all(row[end].strip() for end in ends):
            raise BadInput(f"expert_graph/{edges.name}, line {line}: source_label or target_label is empty.")
        pairs.append((row[ends[0]], row[ends[1]]))
    if not pairs:
        raise BadInput(
            f"expert_graph/{edges.name} holds no edges.", remedy="Without expert_graph/ no score is of a graph."
        )
    told = sheet(nodes, f"expert_graph/{nodes.name}", ("label", "type")).rows if nodes.is_file() else ()
    return cause_graph(pairs, [row["label"] for _, row in told if row["type"].casefold() == "alarm"])


def causes_of(folder: Path, run: str) -> Truth:
    """Opens the run's label. Raises BadInput when it has none, or it does not say group, exp_id and manipulatedVars."""
    for above in (folder / run).parents:
        for label in sorted(above.glob(LABEL)):
            return _truth(label, label.relative_to(folder).as_posix())
        if above == folder:
            break
    raise BadInput(f"{run} has no {LABEL} above it.", remedy="It is looked for from the run's folder upwards.")


def _truth(path: Path, name: str) -> Truth:
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:  # of JSON and of UTF-8
        raise BadInput(f"{name} is no JSON: {error}.") from error
    keys = ("group", "exp_id", "manipulatedVars")
    if not isinstance(told, dict) or any(key not in told for key in keys):
        raise BadInput(f"{name}: expected {', '.join(keys)}.")
    causes = told["manipulatedVars"]
    if not isinstance(causes, list) or not causes or not all(isinstance(cause, str) for cause in causes):
        raise BadInput(f"{name}: manipulatedVars is {causes!r}; expected the names of the signals that caused it.")
    return Truth(str(told["group"]), str(told["exp_id"]), tuple(causes))


def read(path: Path, folder: Path) -> Recording:
    """One file, named by its path in the folder. Raises BadInput, naming file, line and value."""
    name = path.relative_to(folder).as_posix()
    rows = list(_changes(path, name))
    if not rows:
        raise BadInput(f"{name} holds no rows.")
    return recorded(name, rows)


def _changes(path: Path, name: str) -> Iterator[tuple[float, str, Kind, Value]]:
    for line, row in sheet(path, name, COLUMNS).rows:
        kind = KINDS.get(row["type"].strip().capitalize())
        if kind is None:
            raise BadInput(f"{name}, line {line}: type {row['type']!r} is none of {', '.join(KINDS)}.")
        try:
            at, value = _seconds(row["time_s"]), _value(kind, row["value"])
        except ValueError as error:
            raise BadInput(f"{name}, line {line}: {error} (type {row['type']}).") from error
        if not (isinstance(value, float) and math.isnan(value)):  # nothing was measured
            yield at, row["node"], kind, value


def _seconds(text: str) -> float:
    """Seconds since any moment, or a date and time; without an offset it is UTC."""
    try:
        at = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"time_s {text!r} is no number of seconds, nor a date and time") from None
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(at):
        raise ValueError(f"time_s {text!r} is no moment")
    return at


def _value(kind: Kind, text: str) -> Value:
    if kind in ("binary", "alarm"):
        state = STATES.get(text.strip().casefold())
        if state is None:
            raise ValueError(f"value {text!r} is none of True, False, 1, 0")
        return state
    if kind == "text":
        return text
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"value {text!r} is no number") from None
