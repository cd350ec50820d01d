"""Rows of a machine's readings with failure modes, from CSV: columns with a unit are measured, columns of 0 and 1 are labels."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mom.errors import BadInput
from mom.learned_rules.table import Quantity, Table, table

WITH_UNIT = re.compile(r"^(?P<name>.+?)\s*\[(?P<unit>[^\]]*)\]$")
KINDS = 12
"""Words with at most so many values are a kind; with more they name the row."""


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
    columns: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8-sig") as file:
            read = list(csv.DictReader(file))
        for name in read[0] if read else ():
            columns.setdefault(name, []).extend(row[name] for row in read)
    if len({len(values) for values in columns.values()}) != 1:
        raise BadInput(f"{folder} holds no *.csv with rows, or files of different columns.")
    return _labelled(folder, columns)


def _labelled(folder: Path, columns: Mapping[str, list[str]]) -> Labelled:
    measured, kinds = [], {}
    labels: dict[str, np.ndarray] = {}
    for name, values in columns.items():
        if found := WITH_UNIT.match(name):
            measured.append(_quantity(folder, found["name"].lower(), found["unit"], values))
        elif set(values) <= {"0", "1"}:
            labels[name] = np.array([value == "1" for value in values])
        elif len(set(values)) <= KINDS:
            kinds[name.lower()] = values
    failed = next((name for name in labels if "failure" in name.casefold()), None)
    if failed is None or not measured or len(labels) < 2:
        raise BadInput(
            f"{folder}: a column of 0 and 1 whose name has 'failure', one for each mode, and columns with a [unit] are needed."
        )
    modes = {name: rows for name, rows in labels.items() if name != failed}
    return Labelled(table(measured, kinds), labels[failed], modes)


def _quantity(folder: Path, name: str, unit: str, values: list[str]) -> Quantity:
    try:
        return Quantity(name, unit, np.array([float(value) for value in values]))
    except ValueError as error:
        raise BadInput(f"{folder}, column {name} [{unit}]: {error}.") from error
