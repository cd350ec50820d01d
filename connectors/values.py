"""From a raw value to the tag's: scaled, and kept only when it changed."""

from collections.abc import Callable
from typing import Any

from connectors.connector import Reading
from mom.plant.schema import Tag, TagType
from mom.status import SEVERITY

Value = float | int | bool | str | None
_NAN = "not a number"  # which is unequal to itself, and would be news for ever


def scaler(tag: Tag) -> Callable[[Any], Any] | None:
    """`raw * scale + offset`; None where there is nothing to do. A scale such as 0.1 divides by 10: 3 becomes 0.3."""
    if tag.type is TagType.text or (tag.scale == 1.0 and tag.offset == 0.0):
        return None
    scale, offset = tag.scale, tag.offset
    inverse = round(1 / scale) if 0 < abs(scale) < 1 else 0
    if inverse and abs(1 / scale - inverse) < 1e-9 * abs(inverse):
        if not offset:
            return lambda raw: raw / inverse if isinstance(raw, (int, float)) else raw
        return lambda raw: raw / inverse + offset if isinstance(raw, (int, float)) else raw
    return lambda raw: raw * scale + offset if isinstance(raw, (int, float)) else raw


class Changes:
    """Which readings say something new: not one that differs by less than its tag's deadband from the last kept."""

    def __init__(self, tags: tuple[Tag, ...]) -> None:
        self._deadband = {tag.id: tag.deadband for tag in tags if tag.deadband}
        self._last: dict[str, tuple[Value, int]] = {}

    def is_new(self, reading: Reading) -> bool:
        last = self._last.get(reading.tag)
        now = (_NAN if reading.value != reading.value else reading.value, reading.status)
        if last is not None and (last == now or self._is_close(reading, last)):
            return False
        self._last[reading.tag] = now
        return True

    def _is_close(self, reading: Reading, last: tuple[Value, int]) -> bool:
        band = self._deadband.get(reading.tag)
        if band is None or (last[1] ^ reading.status) & SEVERITY:
            return False
        new, old = reading.value, last[0]
        return isinstance(new, (int, float)) and isinstance(old, (int, float)) and abs(new - old) < band
