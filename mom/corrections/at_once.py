"""What was corrected is derived anew at once, by whoever corrected it, unless the worker is at it already."""

from datetime import datetime

from mom.database.access import Store
from mom.history.keep_up import keep_up

MOST = 20
"""Batches: a past that is just being loaded is left to the worker."""


async def at_once(store: Store, now: datetime) -> None:
    """Call after the correction is committed."""
    for _ in range(MOST):
        if not await keep_up(store, now):
            return
