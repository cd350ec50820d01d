"""What a person gives to correct, and how it is checked before anything is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from mom.errors import BadInput
from mom.facts import Window
from mom.history.classes import TimeClass

Kind = Literal["reason", "time_class", "count"]
KINDS: tuple[Kind, ...] = ("reason", "time_class", "count")
LONGEST = 500
MOST_PIECES = 1e9


@dataclass(frozen=True, slots=True)
class Given:
    """A correction as it was asked for. `stop`: its id, for a reason; else `equipment` and a window. `value`: what is
    said instead: {"reason": …}, {"class": …}, {"good": …, "scrap": …}."""

    kind: Kind
    value: dict[str, Any]
    why: str
    stop: int | None = None
    equipment: str | None = None
    window: Window | None = None


def checked_why(why: str) -> str:
    """Raises BadInput: a correction without a reason cannot be understood later."""
    text = why.strip()
    if not text or len(text) > LONGEST:
        raise BadInput(
            f"why is {'empty' if not text else f'{len(text)} characters long'}: expected why, in up to {LONGEST}."
        )
    return text


def checked_window(given: Given, now: datetime) -> Window:
    """Raises BadInput when there is none, or it is not past."""
    window = given.window
    if window is None:
        raise BadInput("from and to are missing: which stretch is corrected?")
    if window.start >= window.end:
        raise BadInput(f"from is {window.start.isoformat()}: it is not before to ({window.end.isoformat()}).")
    if window.end > now:
        raise BadInput(f"to is {window.end.isoformat()}: only what has passed can be corrected.")
    return window


def checked_value(given: Given) -> dict[str, Any]:
    """The value in its one form. Raises BadInput, naming the field."""
    match given.kind:
        case "reason":
            return {"reason": _text("reason", given.value.get("reason"))}
        case "time_class":
            return {"class": _class(given.value.get("class"))}
        case "count":
            pieces = {name: _pieces(name, given.value.get(name)) for name in ("good", "scrap")}
            if not any(pieces.values()):
                raise BadInput("good and scrap are both 0: nothing would change.")
            return pieces
    raise BadInput(f"kind is {given.kind!r}: expected {', '.join(KINDS)}.")


def _text(name: str, value: Any) -> str:
    text = str(value or "").strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise BadInput(f"{name} is {text[:40]!r}: expected a few words.")
    return text


def _class(value: Any) -> str:
    try:
        return TimeClass(str(value)).value
    except ValueError:
        raise BadInput(f"class is {value!r}: expected one of {', '.join(TimeClass)}.") from None


def _pieces(name: str, value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MOST_PIECES:
        raise BadInput(f"{name} is {value!r}: expected a number of pieces to add, or to take away with a minus.")
    return float(value)
