"""One value of a record into the type of a field. What PostgreSQL cannot hold is refused, for this record alone."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from mom.records.unmappable import Unmappable

Kind = Literal["text", "number", "int", "bool", "time", "list"]
UTC_ZONE = ZoneInfo("UTC")
LARGEST_WHOLE = 2**53  # beyond it a float no longer holds every whole number
LONGEST_TEXT = 100_000
TRUE, FALSE = {"true", "yes", "y", "1", "ok", "pass"}, {"false", "no", "n", "0", "nok", "fail"}
UNIT_SCALES = {
    "time": {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "length": {"mm": 0.001, "cm": 0.01, "m": 1.0},
    "weight": {"g": 0.001, "kg": 1.0, "t": 1000.0},
}
"""Units that can be turned into one another, each by its size in a common one."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the source writes its values."""

    zone: ZoneInfo = UTC_ZONE
    format: str | None = None  # of a time, as strptime has it
    decimal: str = "."
    thousands: str = ""
    moment: Literal["exact", "start_of_day", "end_of_day"] = "exact"
    values: Mapping[str, Any] = field(default_factory=dict)  # what the source writes -> what is meant
    factor: float = 1.0


def is_empty(value: Any, empty: frozenset[str] = frozenset()) -> bool:
    """Nothing there: none, blank, a typed not-a-number, or a word that the mapping counts as empty."""
    if isinstance(value, str):
        return not value.strip() or value.strip() in empty
    return value is None or (isinstance(value, float) and math.isnan(value))


def convert(name: str, value: Any, kind: Kind, form: Form) -> Any:
    """`value` (not empty) as `kind`. Raises Unmappable naming `name`, the value and what was expected."""
    if form.values:
        said = plain_text(value)
        if said not in form.values:
            raise Unmappable(name, f"{said!r}: expected one of {', '.join(map(repr, form.values))}")
        value = form.values[said]
    return CONVERTERS[kind](name, value, form)


def unit_factor(source: str, target: str) -> float | None:
    """What a value in `source` is multiplied by to be in `target`; None when the one does not turn into the other."""
    if source == target:
        return 1.0
    for units in UNIT_SCALES.values():
        if source in units and target in units:
            return units[source] / units[target]
    return None


def plain_text(value: Any) -> str:
    """How a person would write it: 8.0 is 8, midnight is the day. Keys are made of this, whatever form a file has."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time(0) and value.tzinfo is None else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _text(name: str, value: Any, _: Form) -> str:
    text = plain_text(value)
    if "\x00" in text or any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise Unmappable(name, f"{text[:40]!r}: has signs that are no text (NUL or half a character)")
    if len(text) > LONGEST_TEXT:
        raise Unmappable(name, f"{len(text):,} signs: expected at most {LONGEST_TEXT:,}")
    return text


def _number(name: str, value: Any, form: Form) -> float:
    if isinstance(value, bool):
        raise Unmappable(name, f"{value}: expected a number")
    try:
        number = float(_decimal(value, form)) * form.factor
    except (InvalidOperation, ValueError, OverflowError):
        raise Unmappable(name, f"{str(value)[:40]!r}: expected a number") from None
    if not math.isfinite(number) or abs(number) > 1e300:
        raise Unmappable(name, f"{str(value)[:40]!r}: expected a finite number")
    return number


def _decimal(value: Any, form: Form) -> Decimal:
    if not isinstance(value, str):
        return Decimal(str(value))
    text = value.strip()
    if form.thousands:
        text = text.replace(form.thousands, "")
    if form.decimal != ".":
        text = text.replace(form.decimal, ".")
    if "_" in text:
        raise InvalidOperation
    return Decimal(text)


def _int(name: str, value: Any, form: Form) -> int:
    number = _number(name, value, form)
    if not number.is_integer() or abs(number) > LARGEST_WHOLE:
        raise Unmappable(name, f"{str(value)[:40]!r}: expected a whole number up to {LARGEST_WHOLE:,}")
    return int(number)


def _bool(name: str, value: Any, _: Form) -> bool:
    word = plain_text(value).lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise Unmappable(name, f"{word[:40]!r}: expected yes or no")


def _list(name: str, value: Any, form: Form) -> list[str]:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return [_text(name, part, form) for part in parts if not is_empty(part)]


def _time(name: str, value: Any, form: Form) -> datetime:
    """Aware; what has no zone is in the site's. A day alone is its first moment, or by `moment` its end."""
    at = _parsed(name, value, form)
    if form.moment != "exact":
        day = at.date() + timedelta(days=form.moment == "end_of_day")
        at = datetime.combine(day, time(0))
    if not 1900 <= at.year < 3000:
        raise Unmappable(name, f"{str(value)[:40]!r}: expected a year from 1900 to 2999")
    return (at if at.tzinfo else at.replace(tzinfo=form.zone)).astimezone(UTC)


def _parsed(name: str, value: Any, form: Form) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(0))
    text = plain_text(value)
    try:
        parsed = datetime.strptime(text, form.format) if form.format else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        example = f"written as {form.format}" if form.format else "such as 2018-11-30 or 2018-11-30T22:00"
        raise Unmappable(name, f"{text[:40]!r}: expected a time {example}") from None
    return parsed


CONVERTERS: dict[Kind, Callable[[str, Any, Form], Any]] = {
    "text": _text,
    "number": _number,
    "int": _int,
    "bool": _bool,
    "time": _time,
    "list": _list,
}
