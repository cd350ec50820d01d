"""Where a Modbus tag lies, how its registers become a value, and which registers are read together. Pure."""

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connectors.modbus_wire import READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT
from mom.plant.schema import Tag, TagType

FUNCTIONS = {"coil": READ_COILS, "discrete": READ_DISCRETE, "holding": READ_HOLDING, "input": READ_INPUT}
MOST_REGISTERS = 125
MOST_BITS = 2000
EXPECTED = (
    "expected holding:N, input:N, coil:N or discrete:N counted from zero;"
    " holding:N.B for bit B; holding:N:L for a text of L registers"
)
_ADDRESS = re.compile(r"(holding|input|coil|discrete):(\d{1,5})(?:\.(\d{1,2})|:(\d{1,3}))?")
_FORMATS = {
    TagType.int16: ">h",
    TagType.uint16: ">H",
    TagType.int32: ">i",
    TagType.uint32: ">I",
    TagType.int64: ">q",
    TagType.uint64: ">Q",
    TagType.float32: ">f",
    TagType.float64: ">d",
}
WordOrder = Literal["big", "little"]


@dataclass(frozen=True, slots=True)
class Place:
    """`count` registers (or one bit) from `start`, counted from zero. `bit`: one bit of a register, 0 the lowest."""

    function: int
    start: int
    count: int
    bit: int | None = None


def place_of(address: str, kind: TagType) -> Place:
    """Raises ValueError that says what was expected."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"{address!r}: {EXPECTED}")
    function, start = FUNCTIONS[match[1]], int(match[2])
    if function in (READ_COILS, READ_DISCRETE):
        if kind is not TagType.bool or match[3] or match[4]:
            raise ValueError(f"{address!r} is one bit: expected the type bool and nothing behind the number")
        place = Place(function, start, 1)
    elif kind is TagType.text:
        if not match[4] or not 1 <= int(match[4]) <= MOST_REGISTERS:
            raise ValueError(f"{address!r}: a text says its length in registers, 1 to 125: {match[1]}:{start}:8")
        place = Place(function, start, int(match[4]))
    else:
        bit = int(match[3]) if match[3] else None
        place = Place(function, start, _registers(address, kind, bit, match[4]), bit)
    if place.start + place.count > 65536:
        raise ValueError(f"{address!r}: the last register is 65535; the first is counted as 0")
    return place


def _registers(address: str, kind: TagType, bit: int | None, length: str | None) -> int:
    if length:
        raise ValueError(f"{address!r}: only a text has a length; the type {kind} says its own")
    if bit is not None and (kind is not TagType.bool or bit > 15):
        raise ValueError(f"{address!r}: a bit is 0 to 15 and has the type bool")
    return struct.calcsize(_FORMATS[kind]) // 2 if kind is not TagType.bool else 1


def decoder(place: Place, kind: TagType, order: WordOrder) -> Callable[[bytes, int], Any]:
    """A function of (data, offset in bytes, or bits for a coil) that gives the raw value."""
    if place.function in (READ_COILS, READ_DISCRETE):
        return lambda data, offset: bool(data[offset >> 3] >> (offset & 7) & 1)
    if place.bit is not None:
        bit = place.bit
        return lambda data, offset: bool((data[offset] << 8 | data[offset + 1]) >> bit & 1)
    if kind is TagType.bool:
        return lambda data, offset: bool(data[offset] or data[offset + 1])
    if kind is TagType.text:
        return _text_decoder(2 * place.count)
    read, size = struct.Struct(_FORMATS[kind]).unpack_from, 2 * place.count
    if order == "big" or place.count == 1:
        return lambda data, offset: read(data, offset)[0]
    return lambda data, offset: read(_words_turned(data[offset : offset + size]))[0]


def _text_decoder(size: int) -> Callable[[bytes, int], str]:
    """Text ends at its first NUL; what is no UTF-8 is read as Latin-1, so that it is never lost."""

    def text(data: bytes, offset: int) -> str:
        raw = data[offset : offset + size].split(b"\0", 1)[0].rstrip()
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    return text


def _words_turned(data: bytes) -> bytes:
    return b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbours read in one request: `tags` with the offset of each in the reply (bytes; bits for coils)."""

    function: int
    start: int
    count: int
    tags: tuple[tuple[Tag, int, Callable[[bytes, int], Any]], ...]
    whole: struct.Struct | None = None  # decodes all at once, where the values lie side by side, high word first

    def decode(self, data: bytes) -> tuple[Any, ...]:
        """The raw values in the order of `tags`."""
        if self.whole is not None:
            return self.whole.unpack(data)
        return tuple(decode(data, offset) for _, offset, decode in self.tags)


def blocks(tags: Iterable[Tag], order: WordOrder, most: int = MOST_REGISTERS, bridge: int = 0) -> list[Block]:
    """As few requests as can be: neighbours together, at most `most` registers, over holes of at most `bridge`."""
    placed = sorted(((place_of(tag.address, tag.type), tag) for tag in tags), key=lambda item: _order(item[0]))
    found: list[Block] = []
    group: list[tuple[Place, Tag]] = []
    end = 0
    for place, tag in placed:
        limit = MOST_BITS if place.function in (READ_COILS, READ_DISCRETE) else most
        first = group[0][0] if group else place
        fits = place.function == first.function and place.start <= end + bridge
        if group and not (fits and max(end, place.start + place.count) - first.start <= limit):
            found.append(_block(group, order))
            group, end = [], 0
        group.append((place, tag))
        end = max(end, place.start + place.count)
    return [*found, _block(group, order)] if group else found


def _order(place: Place) -> tuple[int, int, int]:
    return place.function, place.start, place.count


def _block(group: Sequence[tuple[Place, Tag]], order: WordOrder) -> Block:
    first = group[0][0]
    count = max(place.start + place.count for place, _ in group) - first.start
    unit = 1 if first.function in (READ_COILS, READ_DISCRETE) else 2
    tags = tuple((tag, unit * (place.start - first.start), decoder(place, tag.type, order)) for place, tag in group)
    return Block(first.function, first.start, count, tags, _whole(group, order, count))


def _whole(group: Sequence[tuple[Place, Tag]], order: WordOrder, count: int) -> struct.Struct | None:
    form, at = ">", group[0][0].start
    for place, tag in group:
        is_plain = tag.type in _FORMATS and place.bit is None and (order == "big" or place.count == 1)
        if not is_plain or place.start < at or place.function in (READ_COILS, READ_DISCRETE):
            return None
        form += f"{2 * (place.start - at)}x{_FORMATS[tag.type][1:]}"
        at = place.start + place.count
    return struct.Struct(form) if struct.calcsize(form) == 2 * count else None
