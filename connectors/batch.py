"""Spool entries as one batch for the store: COPY rows with the store's tag ids, and what they touch. Pure."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.packing import NUMBER_ROW_BYTES, moment
from connectors.spool_file import Entry, Kind

_ROW = np.dtype(
    {
        "names": ["tag", "at", "number", "status"],
        "formats": [">i4", ">i8", ">f8", ">i8"],
        "offsets": [6, 14, 38, 54],
        "itemsize": NUMBER_ROW_BYTES,
    }
)
_TEXT_HEAD = struct.Struct(">6xi4xq16xi")
_TEXT_AFTER_HEAD = 12
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the readings of one of the spool's tags belong in the store."""

    tag_id: int
    equipment_id: int
    connector: str


@dataclass(frozen=True, slots=True)
class Touch:
    """The readings of an equipment in this batch lie between these moments."""

    equipment_id: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """`body`: the rows of a binary COPY. `numbers`, `at`: each row's tag in the spool and time, as packed."""

    body: bytes
    numbers: Ints
    at: Ints
    refused: list[dict[str, Any]]
    gaps: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(self.at)

    def months(self) -> set[datetime]:
        """Moments in each month that the rows lie in: no month is shorter than 28 days."""
        if not len(self.at):
            return set()
        step = 28 * 86_400_000_000
        buckets = np.unique(self.at // step)
        edges = {int(self.at[self.at // step == bucket].min()) for bucket in buckets}
        return {moment(us) for us in edges | {int(self.at[self.at // step == bucket].max()) for bucket in buckets}}

    def touched(self, equipment_of: Ints) -> list[Touch]:
        """One range for each equipment. `equipment_of`: its id by the spool's tag number."""
        if not len(self.at):
            return []
        equipment = equipment_of[self.numbers]
        order = np.argsort(equipment, kind="stable")
        ids, starts = np.unique(equipment[order], return_index=True)
        first, last = (f.reduceat(self.at[order], starts) for f in (np.minimum, np.maximum))
        return [Touch(int(i), moment(int(a)), moment(int(b))) for i, a, b in zip(ids, first, last, strict=True)]


def make_batch(entries: Sequence[Entry], tag_ids: Ints, names: Mapping[int, str]) -> Batch:
    """`tag_ids`: the store's id by the spool's tag number, -1 where it has no such tag: those rows are refused."""
    rows = np.frombuffer(bytearray(_joined(entries, Kind.numbers)), dtype=_ROW)
    number, at = rows["tag"].astype(np.int64), rows["at"].astype(np.int64)
    known = tag_ids[number] >= 0
    refused = [json.loads(entry.body) for entry in entries if entry.kind is Kind.refused]
    if not known.all():
        refused += [_homeless(names[int(r["tag"])], int(r["at"]), float(r["number"])) for r in rows[~known]]
        rows, number, at = rows[known], number[known], at[known]
    rows["tag"] = tag_ids[number]
    texts = _Texts(_joined(entries, Kind.texts), tag_ids)
    refused += [_homeless(names[tag], us, text) for tag, us, text in texts.homeless]
    return Batch(
        rows.tobytes() + b"".join(texts.rows),
        np.concatenate([number, np.array(texts.numbers, dtype=np.int64)]),
        np.concatenate([at, np.array(texts.at, dtype=np.int64)]),
        refused,
        [json.loads(entry.body) for entry in entries if entry.kind is Kind.gap],
    )


class _Texts:
    """The rows of other lengths, one by one."""

    def __init__(self, data: bytes, tag_ids: Ints) -> None:
        self.rows: list[bytes] = []
        self.numbers: list[int] = []
        self.at: list[int] = []
        self.homeless: list[tuple[int, int, str]] = []
        start = 0
        while start < len(data):
            number, us, length = _TEXT_HEAD.unpack_from(data, start)
            head = start + _TEXT_HEAD.size
            end = head + max(length, 0) + _TEXT_AFTER_HEAD
            tag_id = int(tag_ids[number])
            if tag_id < 0:
                self.homeless.append((number, us, data[head : head + max(length, 0)].decode()))
            else:
                self.rows.append(data[start : start + 6] + tag_id.to_bytes(4, "big") + data[start + 10 : end])
                self.numbers.append(number)
                self.at.append(us)
            start = end


def _joined(entries: Iterable[Entry], kind: Kind) -> bytes:
    return b"".join(entry.body for entry in entries if entry.kind is kind)


def _homeless(tag: str, us: int, value: float | str) -> dict[str, Any]:
    return {
        "tag": tag,
        "at": moment(us).isoformat(),
        "value": ascii(value),
        "status": "",
        "reason": "the store has no such tag; it was taken under an earlier plant file",
    }
