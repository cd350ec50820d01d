"""One record of another system, as that system wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.plant.site import Site


@dataclass(frozen=True)
class Record:
    """One record as its system wrote it at `at`."""

    system: str
    kind: str  # production_order, maintenance_order, inspection_result …
    key: str
    at: datetime
    data: dict[str, Any]


def iso(site: Site, seconds: float | None) -> str | None:
    """A moment of the simulation, to the second."""
    return None if seconds is None else site.at(round(seconds)).isoformat()
