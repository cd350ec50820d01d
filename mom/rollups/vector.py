"""Elements as a row of numbers, and a matrix of such rows added up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mom.kpis.kpi import Elements
from mom.rollups.piece import Piece

FIXED = ("seconds", "seen", "uncounted")
HEAD = 20
"""Bytes before the first number in PostgreSQL's binary form of a one-dimensional array."""
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


def said(piece: Piece) -> dict[str, Any] | None:
    """What no number says: the elements that are missing, and why; notes."""
    made = piece.elements
    return {"missing": dict(made.missing), "notes": list(made.notes)} if made.missing or made.notes else None


def summed(matrix: Matrix, names: Sequence[str]) -> list[float]:
    """The rows, in order of time, as one row: what reached into it is what reached into the first."""
    total = matrix.sum(axis=0)
    for place, name in enumerate(names[: matrix.shape[1]]):
        if name.startswith("carried:"):
            total[place] = matrix[0, place]
    found: list[float] = total.tolist()
    return found


def piece_from(
    at: datetime, numbers: Sequence[float], names: Sequence[str], words: Iterable[Mapping[str, Any]]
) -> Piece:
    """The piece that begins at `at`. An element that is missing anywhere in it is missing."""
    told = dict(zip(names, numbers, strict=False))
    missing: dict[str, str] = {}
    notes: dict[str, None] = {}
    for one in words:
        missing |= one["missing"]
        notes |= dict.fromkeys(one["notes"])
    rows = {name[5:]: round(number) for name, number in told.items() if name.startswith("rows:")}
    carried = {name[8:]: round(number) for name, number in told.items() if name.startswith("carried:")}
    values = {n: x for n, x in told.items() if n not in FIXED and n not in missing and ":" not in n}
    made = Elements(
        told["seconds"], told["seen"], values, missing, rows, tuple(notes), told["uncounted"]
    )  # fmt: skip
    return Piece(at, made, carried)


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
