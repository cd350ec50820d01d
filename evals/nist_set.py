"""NIST's Statistical Reference Datasets (StRD) as published: the data of a file, its model, and what is certified.

https://www.itl.nist.gov/div898/strd: 58 sets in four families. The families tell themselves apart by their headers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mom.errors import BadInput

FAMILIES = {
    "Univariate": "univariate",
    "Analysis of Variance": "anova",
    "Linear Least Squares": "linear",
    "Nonlinear Least Squares": "nonlinear",
}
CERTIFIED = {"univariate": 15.0, "anova": 15.0, "linear": 15.0, "nonlinear": 11.0}
"""Significant digits that NIST certifies."""
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class Set:
    """One set. `rows`: its data, numbers as written; `certified`: by the names that reckon.py uses.

    `model`: the right side of a nonlinear model; `left`: its left one. `starts`: two sets of starting values.
    """

    name: str
    family: str
    rows: tuple[tuple[str, ...], ...]
    certified: Mapping[str, float]
    constant: bool = True  # of a linear model: it has B0
    left: str = ""
    model: str = ""
    starts: tuple[tuple[float, ...], ...] = ()

    @property
    def columns(self) -> list[list[float]]:
        return [[float(row[n]) for row in self.rows] for n in range(len(self.rows[0]))]


def sets_in(folder: Path) -> list[Set]:
    """Every set below `folder`, by family and name. Raises BadInput when there is none."""
    found = [read_set(path) for path in sorted(folder.rglob("*.dat"))]
    if not found:
        raise BadInput(f"--data {folder}: it has no .dat file.", remedy="Give the folder of the StRD's files.")
    return sorted(found, key=lambda one: (list(CERTIFIED).index(one.family), one.name))


def read_set(path: Path) -> Set:
    """Raises BadInput for a file that is none of NIST's."""
    text = path.read_text(encoding="latin-1").replace("\r\n", "\n")
    head, _, data = text.rpartition("Data:")
    family = next(
        (name for words, name in FAMILIES.items() if re.search(rf"^(Stat C|Proc).*:\s+{words}", text, re.M)), None
    )
    if family is None or not data:
        raise BadInput(f"{path.name} is no file of the StRD: it names no procedure that is known, or has no data.")
    rows = tuple(tuple(line.split()) for line in data.splitlines()[1:] if re.match(rf"\s*{NUMBER}(\s|$)", line))
    certified, starts = _CERTIFIED[family](head)
    left, model = _model(head) if family == "nonlinear" else ("", "")
    constant = bool(re.search(r"^\s+B0\s", head, re.M))
    return Set(path.stem, family, rows, certified, constant, left, model, starts)


Certified = tuple[dict[str, float], tuple[tuple[float, ...], ...]]


def _univariate(head: str) -> Certified:
    lines = {"mean": r"Sample Mean", "deviation": r"Sample Standard Deviation", "autocorrelation": r"Sample Autocorr"}
    return {name: _number(head, rf"{words}.*?:\s+({NUMBER})") for name, words in lines.items()}, ()


def _anova(head: str) -> Certified:
    between = re.search(rf"^Between.*?({NUMBER})\s*$", head, re.M)
    within = re.search(rf"^Within\s+\S+\s+(\d+)\s+({NUMBER})\s+({NUMBER})", head, re.M)
    if between is None or within is None:
        raise BadInput("The file's table of variance is not as NIST writes it.")
    return {"F": float(between[1]), "deviation": _number(head, rf"Standard Deviation\s+({NUMBER})")}, ()


def _linear(head: str) -> Certified:
    rows = re.findall(rf"^\s+B(\d+)\s+({NUMBER})\s+({NUMBER})\s*$", head, re.M)
    values = {f"B{n}": float(value) for n, value, _ in rows} | {f"sd B{n}": float(sd) for n, _, sd in rows}
    values["deviation"] = _number(head, rf"Residual\s+Standard Deviation\s+({NUMBER})")
    values["R2"] = _number(head, rf"R-Squared\s+({NUMBER})")
    return values, ()


def _nonlinear(head: str) -> Certified:
    rows = re.findall(rf"^\s+b(\d+)\s*=\s+({NUMBER})\s+({NUMBER})\s+({NUMBER})\s+({NUMBER})\s*$", head, re.M)
    values = {f"b{row[0]}": float(row[3]) for row in rows} | {f"sd b{row[0]}": float(row[4]) for row in rows}
    values["deviation"] = _number(head, rf"Residual Standard Deviation:\s+({NUMBER})")
    starts = tuple(tuple(float(row[n]) for row in rows) for n in (1, 2))
    return values, starts


_CERTIFIED = {"univariate": _univariate, "anova": _anova, "linear": _linear, "nonlinear": _nonlinear}


def _model(head: str) -> tuple[str, str]:
    """Left and right side of `y = …  + e`, brackets made round."""
    said = re.search(r"^\s+((?:y|log\[y\])\s*=.*?)\+\s*e\s*$", head, re.M | re.S)
    if said is None:
        raise BadInput("The file's model is not as NIST writes it.")
    left, _, right = said[1].replace("[", "(").replace("]", ")").partition("=")
    return left.strip(), " ".join(right.split())


def _number(text: str, pattern: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise BadInput(f"The file has nothing like {pattern!r}.")
    return float(found[1].replace("D", "E"))


def families(sets: Sequence[Set]) -> Iterator[tuple[str, list[Set]]]:
    for family in CERTIFIED:
        if here := [one for one in sets if one.family == family]:
            yield family, here
