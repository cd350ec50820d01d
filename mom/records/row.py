"""A record turned into what the store keeps."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mom.records.values import plain_text


@dataclass(slots=True)
class Row:
    """One record, mapped. `values`: by the noun's fields; equipment is still as the source names it."""

    key: str
    values: dict[str, Any]
    more: dict[str, Any] = field(default_factory=dict)
    scrap_by: dict[str, float] = field(default_factory=dict)
    version: str = ""
    valid: tuple[datetime | None, datetime | None] = (None, None)
    digest: str = ""

    def seal(self) -> "Row":
        """Set the digest of all that was mapped: the same again changes nothing."""
        told = [self.values, self.more, self.scrap_by, self.valid]
        self.digest = hashlib.blake2b(as_text(told).encode(), digest_size=16).hexdigest()
        return self


def as_text(value: Any) -> str:
    """As JSON in ASCII, keys sorted, whatever it holds: safe to store and the same for the same content."""
    return json.dumps(value, sort_keys=True, default=plain_text, separators=(",", ":"))
