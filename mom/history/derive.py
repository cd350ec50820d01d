"""Readings in, history out: states, stops, alarms, runs and counts of what was touched."""

from dataclasses import dataclass

from mom.database.access import Store
from mom.facts import Window


@dataclass(frozen=True, slots=True)
class DeriveResult:
    """What was done. `equipment`: id -> the range in which its history was looked at anew."""

    touched: int = 0  # touched rows done
    rows: int = 0  # derived rows written
    site_id: int | None = None
    equipment: tuple[tuple[int, Window], ...] = ()
    wakes: bool = False


async def derive_touched(store: Store, limit: int = 1000) -> DeriveResult:
    """Claim up to `limit` touched rows of one site and derive their history anew, in one transaction."""
    raise NotImplementedError
