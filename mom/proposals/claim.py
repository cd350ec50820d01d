"""Which worker carries out which approved proposal: a lease on the execution's row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import switches
from mom.models import Execution

LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt. `attempt` is the fence: a claim that another has overtaken changes nothing any more."""

    proposal_id: int
    attempt: int
    worker: str


async def claim(session: AsyncSession, worker: str, now: datetime) -> Claim | None:
    """Take the oldest approved proposal that nobody is at, or whose worker died; None while the agents are off.

    The caller commits, then carries it out in a transaction of its own.
    """
    if not await switches.is_on(session):
        return None
    free = or_(Execution.status == "waiting", and_(Execution.status == "running", Execution.lease_until < now))
    oldest = (
        select(Execution.proposal_id)
        .where(free)
        .order_by(Execution.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Execution)
        .where(Execution.proposal_id == oldest)
        .values(status="running", attempts=Execution.attempts + 1, lease_until=now + LEASE, worker=worker)
        .returning(Execution.proposal_id, Execution.attempts)
    )
    row = (await session.execute(taken)).one_or_none()
    return Claim(row[0], row[1], worker) if row else None
