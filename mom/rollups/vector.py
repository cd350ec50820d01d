"""Elements as a row of numbers, and a matrix of such rows added up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mom.kpis.kpi import Elements
from mom.rollups.piece import Piece

FIXED = ("seconds", "seen", "uncounted")
HEAD = 20
"""Bytes before the first number in PostgreSQL's binary form of a one-dimensional array."""
NOTHING: Mapping[str, Any] = {"missing": {}, "notes": []}
Matrix = NDArray[np.float64]


def names_of(pieces: Iterable[Piece], known: Sequence[str] = ()) -> list[str]:
    """`known`, and after them the names that the pieces have beside: a row's numbers keep their place."""
    names = dict.fromkeys(known or FIXED)
    for piece in pieces:
        names |= dict.fromkeys(sorted(piece.elements.values))
        names |= dict.fromkeys(f"rows:{name}" for name in piece.elements.rows)
        names |= dict.fromkeys(f"carried:{name}" for name in piece.carried)
    return list(names)


def vector(piece: Piece, names: Sequence[str]) -> list[float]:
    made = piece.elements
    numbers: dict[str, float] = dict(made.values)
    numbers |= {"seconds": made.seconds, "seen": made.seen, "uncounted": made.uncounted}
    numbers |= {f"rows:{name}": number for name, number in made.rows.items()}
    numbers |= {f"carried:{name}": number for name, number in piece.carried.items()}
    return [float(numbers.get(name, 0.0)) for name in names]


def said(piece: Piece) -> str | None:
    """What no number says, as JSON: the elements that are missing, and why; notes."""
    made = piece.elements
    words = {"missing": dict(made.missing), "notes": list(made.notes)}
    return json.dumps(words) if made.missing or made.notes else None


def summed(matrix: Matrix, names: Sequence[str], starts: Sequence[int] = (0,)) -> Matrix:
    """Rows in order of time, as one row for each of `starts` (up to the next): what reached into it is what reached into
    its first."""
    first = np.asarray(starts, dtype=np.intp)
    total = np.add.reduceat(matrix, first, axis=0)
    carried = [place for place, _ in places(tuple(names)).carried if place < matrix.shape[1]]
    total[:, carried] = matrix[first][:, carried]
    return total


Places = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Where the numbers of a row stand, and what they are."""

    fixed: tuple[int, ...]
    values: Places
    rows: Places
    carried: Places


@lru_cache(maxsize=256)
def places(names: tuple[str, ...]) -> Order:
    values = tuple((n, name) for n, name in enumerate(names) if ":" not in name and name not in FIXED)
    rows = tuple((n, name[5:]) for n, name in enumerate(names) if name.startswith("rows:"))
    carried = tuple((n, name[8:]) for n, name in enumerate(names) if name.startswith("carried:"))
    return Order(tuple(names.index(name) for name in FIXED), values, rows, carried)


def piece_from(at: datetime, numbers: Sequence[float], names: Sequence[str], words: Iterable[str | None]) -> Piece:
    """The piece that begins at `at`; `words`: what its rows said, in order. An element that is missing anywhere in it is
    missing. Names without a number yet had nothing."""
    order, width = places(tuple(names)), len(numbers)
    told = joined_words(words) or NOTHING
    missing = dict(told["missing"])
    seconds, seen, uncounted = (numbers[place] for place in order.fixed)
    values = {name: numbers[n] for n, name in order.values if n < width and name not in missing}
    rows = {name: round(numbers[n]) for n, name in order.rows if n < width}
    carried = {name: round(numbers[n]) for n, name in order.carried if n < width}
    return Piece(at, Elements(seconds, seen, values, missing, rows, tuple(told["notes"]), uncounted), carried)


def joined_words(words: Iterable[str | None]) -> Mapping[str, Any] | None:
    """What rows said, as one: of two that say why an element is missing, the later."""
    missing: dict[str, str] = {}
    notes: dict[str, None] = {}
    for text, _ in groupby(words):
        if text:
            one = _parsed(text)
            missing |= one["missing"]
            notes |= dict.fromkeys(one["notes"])
    return {"missing": missing, "notes": list(notes)} if missing or notes else None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Mapping[str, Any]:
    """Most rows say the same."""
    found: Mapping[str, Any] = json.loads(text)
    return found


def matrix_of(sent: Sequence[bytes]) -> Matrix:
    """Arrays in PostgreSQL's binary form (`array_send`), as rows; shorter ones are filled with nothing at their end."""
    lengths = {len(one) for one in sent}
    width = max((length - HEAD) // 12 for length in lengths)
    if len(lengths) == 1:
        return _same(b"".join(sent), width)
    found = np.zeros((len(sent), width))
    for row, one in enumerate(sent):
        part = _same(one, (len(one) - HEAD) // 12)
        found[row, : part.shape[1]] = part
    return found


def _same(content: bytes, width: int) -> Matrix:
    form = np.dtype([("head", f"V{HEAD}"), ("items", [("length", ">i4"), ("number", ">f8")], (width,))])
    return np.frombuffer(content, form)["items"]["number"].astype(np.float64)
