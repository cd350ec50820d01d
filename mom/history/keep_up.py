"""What the worker calls when readings have come: derive, then find losses."""

from datetime import datetime

from mom.database.access import Store


async def keep_up(store: Store, now: datetime) -> int:
    """Derive history from what was touched and find its losses. Returns how many touched rows were done (0: nothing).

    Several processes may call it at once. Its events wake the triage only for readings that wake.
    """
    raise NotImplementedError
