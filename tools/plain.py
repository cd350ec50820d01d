"""Values made plain: JSON that a database, a page and a model can all take, with other people's text defused."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

LONGEST_TEXT = 4_000
"""Characters of one text from outside that a model is shown."""

_CONTROL_TOKENS = re.compile(
    r"<\|[^|<>]{0,60}\|>|\[/?INST\]|<</?SYS>>|</?s>|<\uff5c[^<>]{0,60}\uff5c>|"
    r"</?(?:start|end)_of_turn>|</?(?:tool_call|tool_response|function_call|untrusted)[^>]{0,60}>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control and zero-width characters, turned writing directions, lone surrogates, tag characters."""


def defused(text: str) -> str:
    """`text` without what steers a model's template or hides from a reader; its words are kept."""
    clean = _UNSEEN.sub("", text)
    while (once := _CONTROL_TOKENS.sub(" ", clean)) != clean:
        clean = once
    return clean if len(clean) <= LONGEST_TEXT else clean[:LONGEST_TEXT] + " … (cut)"


def untrusted(text: str | None) -> dict[str, str] | None:
    """Free text that somebody wrote (a note, a work order, a document), marked as data for a model."""
    return {"untrusted": defused(text)} if text else None


def plain(value: Any) -> Any:
    """`value` as JSON has it: no NaN, no NUL, times as ISO 8601."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and not isinstance(value, Enum):
        return defused(value)
    if isinstance(value, float | Decimal):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return {defused(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no plain form")
