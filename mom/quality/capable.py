"""The capability of a series in words and figures: as tools, pages and reports tell it."""

from typing import Any

from mom import words
from mom.quality.capability import Index, capability
from mom.quality.series import Series

NAMES = ("cp", "cpk", "pp", "ppk")


def capable(series: Series, machine: str) -> dict[str, Any] | None:
    """None where nobody set limits."""
    limits = series.limits
    if limits is None:
        return None
    found = capability(series.values, limits)
    indices: dict[str, Index | None] = {name: getattr(found, name) for name in NAMES}
    ends = [words.number(limit) if limit is not None else "…" for limit in (limits.low, limits.high)]
    return {
        "name": series.characteristic,
        "machine": machine,
        "equipment": series.equipment,
        "products": list(series.products),
        "limits": f"{ends[0]} to {ends[1]} {series.unit}".strip(),
        "n": found.n,
        "mean": None if found.mean is None else words.number(found.mean),
        **{name: None if index is None else _index(index) for name, index in indices.items()},
        **{f"{name}_said": str(index) if index else words.NOTHING for name, index in indices.items()},
        "outside": found.outside,
        "method": found.method,
        "withheld": found.withheld,
    }


def _index(index: Index) -> dict[str, float]:
    return {"value": round(index.value, 3), "low": round(index.low, 3), "high": round(index.high, 3)}
