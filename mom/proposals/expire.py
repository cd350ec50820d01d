"""No answer in time means no."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.events import emit
from mom.models import Loss, Proposal

AT_ONCE = 100


async def expire(session: AsyncSession, now: datetime) -> int:
    """Mark pending proposals whose time is over, in the caller's transaction; returns how many."""
    due = select(Proposal).where(Proposal.status == "pending", Proposal.expires_at <= now).order_by(Proposal.id)
    rows = (await session.scalars(due.limit(AT_ONCE).with_for_update(skip_locked=True))).all()
    for proposal in rows:
        proposal.status = "expired"
        loss = await session.get(Loss, proposal.loss_id) if proposal.loss_id else None
        if loss is not None and loss.status == "proposed":
            loss.status = "explained"
        await _tell(session, proposal, now)
    return len(rows)


async def _tell(session: AsyncSession, proposal: Proposal, now: datetime) -> None:
    subject = f"proposal:{proposal.id}"
    await emit(session, proposal.site_id, "proposal.expired", subject, {"title": proposal.title})
    await audit.append(
        session, site_id=proposal.site_id, at=now, actor="system:worker", act="proposal.expired", subject=subject
    )
