"""Find losses of what changed, and keep one row a trouble."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window


@dataclass(frozen=True, slots=True)
class Changes:
    """Loss ids."""

    opened: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


async def find_losses(
    session: AsyncSession, site_id: int, equipment: Collection[int], window: Window, now: datetime, *, wakes: bool
) -> Changes:
    """Look for losses of `equipment` (ids) in `window`; the caller commits. `wakes`: tell listeners by events."""
    raise NotImplementedError
