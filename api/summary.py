"""What a run came to, from the store: the last line of `demo` and `up` with `--seconds`."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Link, Loss, Proposal, Reading


async def summary(
    session: AsyncSession, started: datetime, ready: datetime | None, past_offered: int
) -> dict[str, Any]:
    """Readings that the collectors took over (with those of a loaded past) and that are stored; losses found since
    `started`; proposals that wait.

    `seconds_to_first_loss` counts from `ready` to the finding of the first loss of this run: 0 when it stood there already,
    null when there was none.
    """
    counted = await session.execute(
        select(
            select(func.coalesce(func.sum(Link.readings), 0)).scalar_subquery(),
            select(func.count()).select_from(Reading).scalar_subquery(),
            select(func.count()).select_from(Loss).where(Loss.found_at >= started).scalar_subquery(),
            select(func.count()).select_from(Proposal).where(Proposal.status == "pending").scalar_subquery(),
            select(func.min(Loss.found_at)).where(Loss.started_at >= started).scalar_subquery(),
        )
    )
    offered, stored, losses, pending, first = counted.one()
    return {
        "readings_offered": past_offered + int(offered),
        "readings_stored": int(stored),
        "losses_opened": losses,
        "proposals_pending": pending,
        "seconds_to_page": round((ready - started).total_seconds(), 2) if ready else None,
        "seconds_to_first_loss": round(max(0.0, (first - ready).total_seconds()), 2) if first and ready else None,
    }
