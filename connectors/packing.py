"""Readings as bytes: the very rows that PostgreSQL's binary COPY takes, so that storing them costs no second look.

A row is (tag_id, at, received_at, number, text, status). In the spool the tag is a number of the spool's own.
Rows with a number all have the same length; rows with a text, or with nothing, are kept apart.
"""

import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connectors.connector import Reading
from mom.plant.schema import TagType
from mom.status import TIME_AHEAD, TIME_MISSING

PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TRAILER = b"\xff\xff"
AHEAD = timedelta(minutes=1)
FIRST_YEAR, LAST_YEAR = 1971, 2100
"""What lies outside is no time that a machine means: OPC UA writes 1601 or 9999 for "none"."""
LONGEST_TEXT = 64_000
_NUMBER_ROW = struct.Struct(">hiiiqiqidiiq")
NUMBER_ROW_BYTES = _NUMBER_ROW.size
_TEXT_HEAD = struct.Struct(">hiiiqiqii")
_TEXT_TAIL = struct.Struct(">iq")
_EPOCH_DAY = PG_EPOCH.toordinal()
_DAY_US = 86_400_000_000


class Slot(NamedTuple):
    """A tag of the spool: its number there, and the type that the plant file gives it."""

    number: int
    type: TagType


class Refused(Exception):
    """A value that the store could not hold; the text says why."""


@dataclass(slots=True)
class Packed:
    """A batch ready for the spool: COPY rows, and what was refused, one JSON object each."""

    numbers: bytes = b""
    texts: bytes = b""
    number_rows: int = 0
    text_rows: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.number_rows + self.text_rows


def microseconds(at: datetime) -> int:
    """Since PostgreSQL's epoch; exact."""
    at = at.astimezone(UTC) if at.tzinfo is not UTC else at
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (at.toordinal() - _EPOCH_DAY) * _DAY_US + seconds * 1_000_000 + at.microsecond


def moment(us: int) -> datetime:
    """The inverse of `microseconds`."""
    return PG_EPOCH + timedelta(microseconds=us)


def pack(
    readings: Iterable[Reading], slots: Mapping[str, Slot], received_at: datetime, mark: int = 0, *, late: bool = False
) -> Packed:
    """`mark` is added to every status. `late`: loaded history, received_at is the reading's own time."""
    numbers: list[bytes] = []
    texts: list[bytes] = []
    refused: list[str] = []
    received = microseconds(received_at)
    ahead = received + AHEAD // timedelta(microseconds=1)
    untimed: dict[str, int] = {}
    row = _NUMBER_ROW.pack
    for reading in readings:
        try:
            number, kind = slots[reading.tag]
            at, status = _timed(reading, received, ahead, mark)
            if status & TIME_MISSING:  # several of one tag in a batch are told apart by a microsecond
                at += untimed.setdefault(reading.tag, 0)
                untimed[reading.tag] += 1
            value = _checked(reading.value, kind)
            taken = min(at, received) if late else received
            if isinstance(value, float):
                numbers.append(row(6, 4, number, 8, at, 8, taken, 8, value, -1, 8, status))
            else:
                texts.append(_text_row(number, at, taken, value, status))
        except (Refused, KeyError) as reason:
            text = str(reason) if isinstance(reason, Refused) else "the plant file has no such tag"
            refused.append(_as_json(reading, text, received_at))
    return Packed(b"".join(numbers), b"".join(texts), len(numbers), len(texts), refused)


def _timed(reading: Reading, received: int, ahead: int, mark: int) -> tuple[int, int]:
    status = reading.status
    if type(status) is not int or not 0 <= status < 1 << 62:
        raise Refused(f"status {_shown(status)}: expected a number of 32 bits")
    if reading.at is not None and (not isinstance(reading.at, datetime) or reading.at.tzinfo is None):
        raise Refused(f"time {_shown(reading.at)}: expected a time with its zone")
    if reading.at is None or not FIRST_YEAR <= reading.at.year < LAST_YEAR:
        return received, status | mark | TIME_MISSING
    at = microseconds(reading.at)
    return at, status | mark | (TIME_AHEAD if at > ahead else 0)


def _checked(value: Any, kind: TagType) -> float | bytes | None:
    """The value as the store holds it: a finite float, UTF-8 without NUL, or nothing."""
    if value is None:
        return None
    if kind is TagType.text:
        return _checked_text(value)
    if not isinstance(value, (float, int)):
        raise Refused(f"value {_shown(value)}: expected a number, the tag's type is {kind}")
    try:
        number = float(value)
    except OverflowError:
        raise Refused(f"value {_shown(value)}: too large for a number of 64 bits") from None
    if not math.isfinite(number):
        raise Refused(f"value {number}: not a finite number")
    return number


def _checked_text(value: Any) -> bytes:
    if not isinstance(value, str):
        raise Refused(f"value {_shown(value)}: expected a text, the tag's type is text")
    if "\0" in value:
        raise Refused("value: the text contains a NUL character")
    if len(value) > LONGEST_TEXT:
        raise Refused(f"value: a text of {len(value)} characters; at most {LONGEST_TEXT} are kept")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Refused(f"value {_shown(value)}: half of a surrogate pair, not a character") from None


def _text_row(number: int, at: int, received: int, value: bytes | None, status: int) -> bytes:
    head = _TEXT_HEAD.pack(6, 4, number, 8, at, 8, received, -1, -1 if value is None else len(value))
    return head + (value or b"") + _TEXT_TAIL.pack(8, status)


def _shown(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return f"of {value.bit_length()} bits"
    return ascii(value)[:200]


def _as_json(reading: Reading, reason: str, received_at: datetime) -> str:
    """Safe to store whatever it holds: ASCII, no NUL, no NaN."""
    return json.dumps(
        {
            "tag": ascii(reading.tag)[1:-1][:255],
            "at": ascii(str(reading.at))[1:-1][:64],
            "value": _shown(reading.value),
            "status": _shown(reading.status),
            "reason": ascii(reason)[1:-1],
            "received_at": received_at.isoformat(),
        }
    )
