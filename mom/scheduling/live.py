"""Options for the plant as it stands now."""

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.scheduling.events import Event
from mom.scheduling.from_store import schedule_from_store
from mom.scheduling.options import Options, options


async def options_now(
    session: AsyncSession, site_id: int, event: Event, now: datetime, seconds: float = 3.0
) -> Options:
    """Two ways to go on after `event`; the moves of each can be proposed as a schedule change. Solved in a thread.

    Raises NotFound (a line or order that is not in the schedule), Unavailable (no plant file).
    """
    schedule = await schedule_from_store(session, site_id, now)
    return await asyncio.to_thread(options, schedule.problem, schedule.current, event, seconds)
