"""Reach into a record: `order.lines` is `lines` inside `order`."""

from collections.abc import Mapping
from typing import Any


def inside(data: Any, path: str | None) -> Any:
    """What stands at `path`; a key with dots in its own name is found first. None where there is nothing."""
    if not path:
        return data
    if isinstance(data, Mapping):
        if path in data:
            return data[path]
        head, _, rest = path.partition(".")
        return inside(data[head], rest) if rest and head in data else None
    return None
