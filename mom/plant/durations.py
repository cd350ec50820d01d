"""Durations as people write them: 90s, 25min, 24h, 7d."""

import re
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

_UNITS = {
    "ms": "milliseconds",
    "s": "seconds",
    "min": "minutes",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
}
_ISO = TypeAdapter(timedelta)
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|w)")


def parse_duration(value: Any) -> timedelta:
    """`"1h 30min"` or a timedelta; a bare number is refused because its unit is a guess."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if text.startswith(("P", "-P")):  # ISO 8601, as a plant file that was applied is kept in JSON
        return _ISO.validate_python(text)
    parts = _FORM.findall(text)
    if not parts or _FORM.sub("", text).strip():
        raise ValueError("expected a duration such as 90s, 25min, 24h or 7d")
    return sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta())
