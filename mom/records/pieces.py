"""Pieces of a record of counts: what follows from what was told, and what cannot be."""

from collections.abc import Mapping
from typing import Any

from mom.records.unmappable import Unmappable

SLACK = 1e-6


def complete(values: dict[str, Any], scrap_by: Mapping[str, float]) -> str:
    """Fill in scrap or good from the other; returns what is doubtful, in words, or nothing.

    Raises Unmappable for pieces below nothing and for a span that does not go forward.
    """
    if values["ended_at"] <= values["started_at"]:
        raise Unmappable("ended_at", f"{values['ended_at']}: expected a time after started_at {values['started_at']}")
    for name in ("produced", "good", "scrap", "rework", "ideal_seconds"):
        if (values.get(name) or 0) < 0:
            raise Unmappable(name, f"{values[name]:g}: expected 0 or more")
    produced, good, scrap = values["produced"], values.get("good"), values.get("scrap")
    if scrap is None:
        scrap = max(0.0, produced - good) if good is not None else sum(scrap_by.values())
    if good is None:
        good = produced - scrap
    if good < -SLACK or good > produced + SLACK:
        raise Unmappable("good", f"{good:g}: expected 0 up to the {produced:g} produced")
    values |= {"good": good, "scrap": scrap, "rework": values.get("rework") or 0.0}
    return _doubt(produced, good, scrap, scrap_by)


def _doubt(produced: float, good: float, scrap: float, scrap_by: Mapping[str, float]) -> str:
    named = sum(scrap_by.values())
    if abs(produced - good - scrap) > SLACK:
        return f"{produced:g} produced, but {good:g} good and {scrap:g} scrapped"
    if scrap_by and abs(named - scrap) > SLACK:
        return f"{scrap:g} scrapped, but the reasons add up to {named:g}"
    return ""
