"""Rows of a machine's readings with failure modes, from CSV: columns with a unit are measured, columns of 0 and 1 are labels."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.sheet import STATES, sheet
from mom.errors import BadInput
from mom.learned_rules.table import Quantity, Table, table

WITH_UNIT = re.compile(r"^(?P<name>.+?)\s*\[(?P<unit>[^\]]*)\]$")
KINDS = 12
"""Words with at most so many values are a kind; with more they name the row."""
NEEDED = "A column of 0 and 1 whose name has 'failure', one for each mode, and columns with a [unit] are needed."


@dataclass(frozen=True, slots=True)
class Labelled:
    """`failed`: the machine failed; `modes`: by name, whether a row had the failure mode."""

    table: Table
    failed: np.ndarray
    modes: Mapping[str, np.ndarray]

    def of(self, chosen: np.ndarray) -> "Labelled":
        """Only the chosen rows."""
        modes = {mode: rows[chosen] for mode, rows in self.modes.items()}
        return Labelled(self.table.of(chosen), self.failed[chosen], modes)


def labelled_rows(folder: Path) -> Labelled:
    """All *.csv of the folder, one below the other. Raises BadInput, naming the file and what it lacks."""
    paths = [path for path in sorted(folder.glob("*.csv")) if path.is_file()]
    sheets = [sheet(path, path.name) for path in paths]
    if not any(one.rows for one in sheets):
        raise BadInput(f"{folder} holds no *.csv with rows.", remedy=NEEDED)
    first = sheets[0]
    for one in sheets:
        if set(one.columns) != set(first.columns):
            other = sorted(set(one.columns) ^ set(first.columns))
            raise BadInput(f"{one.name} has other columns than {first.name}: {', '.join(other)}.")
    cells = {
        name: [Cell(one.name, line, row[name]) for one in sheets for line, row in one.rows] for name in first.columns
    }
    return _labelled(folder, cells)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a line of a file."""

    file: str
    line: int
    text: str


def _labelled(folder: Path, columns: Mapping[str, Sequence[Cell]]) -> Labelled:
    measured, kinds = [], {}
    yes_or_no: dict[str, np.ndarray] = {}
    for name, cells in columns.items():
        words = [cell.text.strip().casefold() for cell in cells]
        if found := WITH_UNIT.match(name):
            measured.append(Quantity(found["name"].lower(), found["unit"], _numbers(name, cells)))
        elif set(words) <= STATES.keys():
            yes_or_no[name] = np.array([STATES[word] for word in words])
        elif len(set(words)) <= KINDS:
            kinds[name.lower()] = [cell.text.strip() for cell in cells]
    failures = [name for name in yes_or_no if "failure" in name.casefold()]
    if not failures or not measured or len(yes_or_no) < 2:
        raise BadInput(f"{folder} holds {', '.join(columns)}.", remedy=NEEDED)
    failed = max(failures, key=lambda name: int(yes_or_no[name].sum()))  # a mode of failure may be called one, too
    often = {n for n, rows in yes_or_no.items() if rows.sum() > yes_or_no[failed].sum()}  # no mode: a switch
    kinds |= {name.lower(): np.where(yes_or_no[name], "1", "0").tolist() for name in sorted(often)}
    modes = {name: rows for name, rows in yes_or_no.items() if name != failed and name not in often}
    return Labelled(table(measured, dict(sorted(kinds.items()))), yes_or_no[failed], dict(sorted(modes.items())))


def _numbers(column: str, cells: Sequence[Cell]) -> np.ndarray:
    for cell in cells:
        try:
            fits = math.isfinite(float(cell.text))
        except ValueError:
            fits = False
        if not fits:
            raise BadInput(f"{cell.file}, line {cell.line}, column {column}: {cell.text!r} is no number.")
    return np.array([float(cell.text) for cell in cells])
