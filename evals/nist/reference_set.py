"""NIST's Statistical Reference Datasets (StRD) as published: the data of a file, its model, and what is certified.

https://www.itl.nist.gov/div898/strd: 58 sets in four families. The families tell themselves apart by their headers; nothing
here knows a set by its name, so any file of this form can be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mom.errors import BadInput

FAMILIES = {
    "univariate": "univariate",
    "analysis of variance": "anova",
    "linear least squares": "linear",
    "nonlinear least squares": "nonlinear",
}
CERTIFIED = {"univariate": 15.0, "anova": 15.0, "linear": 15.0, "nonlinear": 11.0}
"""Significant digits that NIST certifies."""
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][-+]?\d+)?"
LINE_BREAK = r"[^\S\n]*\n"


class Foreign(BadInput):
    """A file that is no set of the families that are reckoned here."""


@dataclass(frozen=True, slots=True)
class Set:
    """One set. `rows`: its data, numbers as written, the response first (of variance: the treatment first);
    `certified`: by the names that reckon.py uses.

    `constant`: a linear model has B0. `left`, `model`: the two sides of a nonlinear model, `given`: constants that the file
    names, `predictors`: what it calls its columns. `starts`: sets of starting values.
    """

    name: str
    family: str
    rows: tuple[tuple[str, ...], ...]
    certified: Mapping[str, float]
    predictors: tuple[str, ...] = ()
    constant: bool = True
    left: str = "y"
    model: str = ""
    given: Mapping[str, float] = field(default_factory=dict)
    starts: tuple[tuple[float, ...], ...] = ()

    @property
    def columns(self) -> list[list[float]]:
        return [[float(row[n]) for row in self.rows] for n in range(len(self.rows[0]))]

    @property
    def parameters(self) -> list[str]:
        return [name for name in self.certified if re.fullmatch(r"[Bb]\d+", name)]

    @property
    def size(self) -> float:
        """The largest response: what a certified zero is held against."""
        return max(abs(float(row[-1 if self.family == "anova" else 0])) for row in self.rows)


def sets_in(folder: Path) -> tuple[list[Set], dict[str, str], dict[str, str]]:
    """(sets by family and name, spoiled file -> what is wrong with it, foreign file -> why it is none).

    Raises BadInput where no file is a set."""
    found: list[Set] = []
    spoiled: dict[str, str] = {}
    foreign: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".dat"):
        try:
            found.append(read_set(path))
        except Foreign as error:
            foreign[path.name] = str(error)
        except BadInput as error:
            spoiled[path.name] = str(error)
    if not found and not spoiled:
        raise BadInput(
            f"--data {folder}: it has no .dat file of NIST's.", remedy="Give the folder of the StRD's files."
        )
    return sorted(found, key=lambda one: (list(CERTIFIED).index(one.family), one.name)), spoiled, foreign


def read_set(path: Path) -> Set:
    """Raises Foreign for a file that is none of NIST's, BadInput for one that cannot be read."""
    text = path.read_text(encoding="latin-1").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = re.sub(r"^#+ ?", "", text, flags=re.M)
    said = re.search(rf"^\s*(?:Stat|Proc)[^:\n]*:\s*({'|'.join(FAMILIES)})", text, re.M | re.I)
    if said is None:
        raise Foreign(f"{path.name} is no file of the StRD: it names no procedure that is known.")
    family = FAMILIES[said[1].lower()]
    head, mark, data = text.rpartition("\nData:")
    if not mark:
        raise BadInput(f"{path.name} has no line that begins with Data:.")
    try:
        names, rows = _table(data, family)
        certified, starts = _CERTIFIED[family](head)
        _need_all(head, family, certified)
        left, model, given = _model(head) if family == "nonlinear" else ("y", "", {})
    except BadInput as error:
        raise BadInput(f"{path.name}: {error!s}") from error
    return Set(path.stem, family, rows, certified, names, "B0" in certified, left, model, given, starts)


def _table(data: str, family: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """(predictors by name, rows with the response first). What stands right of `Data:` names the columns."""
    title, *lines = data.splitlines()
    begins = rf"\s*\S+\s+{NUMBER}\s*$" if family == "anova" else rf"\s*{NUMBER}(\s|$)"  # a treatment may be a word
    rows = [tuple(_plain(line).split()) for line in lines if re.match(begins, line)]
    width = {"univariate": 1, "anova": 2}.get(family) or len(rows[0]) if rows else 0
    numbers = [value for row in rows for value in row[family == "anova" :]]
    if not rows or {len(row) for row in rows} != {width} or not all(re.fullmatch(NUMBER, v) for v in numbers):
        raise BadInput(f"its data are not rows of {width or 'some'} numbers.")
    names = title.lower().split()
    if len(names) != width:
        names = ["y", "x"] if width == 2 else ["y", *(f"x{n}" for n in range(1, width))]
    if family in ("linear", "nonlinear") and "y" in names[1:]:
        first = names.index("y")
        order = [first, *(n for n in range(width) if n != first)]
        names, rows = [names[n] for n in order], [tuple(row[n] for n in order) for row in rows]
    return tuple(names[1:]), tuple(rows)


def _need_all(head: str, family: str, certified: Mapping[str, float]) -> None:
    """Raises BadInput where a model has more or fewer parameters than the file says."""
    said, found = re.search(r"^\s+(\d+)\s+Parameters?\b", head, re.M | re.I), sum(name[0] in "Bb" for name in certified)
    if family in ("linear", "nonlinear") and said and int(said[1]) != found:
        raise BadInput(f"it speaks of {said[1]} parameters and certifies {found}.")


Certified = tuple[dict[str, float], tuple[tuple[float, ...], ...]]


def _univariate(head: str) -> Certified:
    lines = {"mean": r"Sample Mean", "deviation": r"Sample Standard Dev", "autocorrelation": r"Sample Autocorr"}
    return {name: _number(head, rf"{words}[^\n]*?:\s+({NUMBER})") for name, words in lines.items()}, ()


def _anova(head: str) -> Certified:
    between = re.search(rf"^\s*Between\b[^\n]*?({NUMBER})\s*$", head, re.M | re.I)
    if between is None:
        raise BadInput("its table of variance is not as NIST writes it.")
    return {"F": _read(between[1]), "deviation": _number(head, rf"Standard Deviation\s+({NUMBER})")}, ()


def _linear(head: str) -> Certified:
    rows = re.findall(rf"^\s*B(\d+)\s+({NUMBER})\s+({NUMBER})\s*$", head, re.M | re.I)
    if not rows:
        raise BadInput("it certifies no parameter B0, B1, …")
    values = {f"B{n}": _read(value) for n, value, _ in rows} | {f"sd B{n}": _read(sd) for n, _, sd in rows}
    values["deviation"] = _number(head, rf"Residual\s+Standard Deviation\s+({NUMBER})")
    values["R2"] = _number(head, rf"R-Squared\s+({NUMBER})")
    return values, ()


def _nonlinear(head: str) -> Certified:
    """Each parameter's line: its starting values, one or more, then what is certified and its error."""
    lines = re.findall(rf"^\s*b(\d+)\s*=((?:[^\S\n]+{NUMBER}){{3,}})\s*$", head, re.M | re.I)
    rows = [(n, [_read(value) for value in values.split()]) for n, values in lines]
    if not rows or len({len(values) for _, values in rows}) > 1:
        raise BadInput("it has no lines b1 = start start value error, all with as many starts.")
    values = {f"b{n}": row[-2] for n, row in rows} | {f"sd b{n}": row[-1] for n, row in rows}
    values["deviation"] = _number(head, rf"Residual Standard Deviation:?\s+({NUMBER})")
    return values, tuple(tuple(row[k] for _, row in rows) for k in range(len(rows[0][1]) - 2))


_CERTIFIED = {"univariate": _univariate, "anova": _anova, "linear": _linear, "nonlinear": _nonlinear}


def _model(head: str) -> tuple[str, str, dict[str, float]]:
    """Left and right side of `y = … + e`, which may go over several lines, and constants that stand above it."""
    block = re.search(r"^Model:(.*?)(?=^\s*(?:Starting|Start 1|Certified)|\Z)", head, re.M | re.S | re.I)
    lines = (block[1] if block else head) + "\n"
    said = re.search(rf"^[^\S\n]*([a-z0-9_.()\[\] ]*\by\b[^=\n]*)=(.*?)\+\s*e{LINE_BREAK}", lines, re.M | re.S | re.I)
    if said is None:
        raise BadInput("it has no model like y = … + e.")
    given = re.findall(rf"^\s*([a-z]\w*)\s*=\s*({NUMBER}){LINE_BREAK}", lines[: said.start()], re.M | re.I)
    return _arithmetic(said[1]), _arithmetic(said[2]), {name.lower(): _read(value) for name, value in given}


def _arithmetic(words: str) -> str:
    """As Python writes it: brackets round, powers as stars, small letters, exponents with e."""
    plain = _plain(" ".join(words.split())).lower().translate(str.maketrans("[]{}", "()()"))
    return plain.replace("^", "**").strip()


def _plain(text: str) -> str:
    """Fortran's exponents (1.5D+00) as everybody writes them."""
    return re.sub(r"(?<=[\d.])[Dd](?=[-+]?\d)", "E", text)


def _read(number: str) -> float:
    return float(_plain(number))


def _number(text: str, pattern: str) -> float:
    found = re.search(pattern, text, re.I)
    if found is None:
        raise BadInput(f"it has no {re.split(r'[^A-Za-z -]', pattern)[0].strip()}.")
    return _read(found[1])
