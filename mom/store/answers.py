"""What was done about losses: proposals with their decisions, and effects that were looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.models import Decision, Effect, ImprovementTask, Proposal, User


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposal against a loss, and what became of it."""

    proposal_id: int
    loss_id: int | None
    title: str
    status: str
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Helped:
    """An effect that was looked at. `money`: saved a day."""

    title: str
    verdict: str
    unit: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    money: Decimal | None
    at: datetime


async def answers_to(session: AsyncSession, site_id: int, losses: Sequence[int], window: Window) -> list[Answer]:
    """Proposals against these losses, and those that were decided in `window`; replaced ones left out."""
    query = (
        select(
            Proposal.id, Proposal.loss_id, Proposal.title, Proposal.status, User.display_name, User.name, Decision.at
        )
        .outerjoin(Decision, Decision.proposal_id == Proposal.id)
        .outerjoin(User, User.id == Decision.by)
        .where(Proposal.site_id == site_id, Proposal.status != "replaced", Proposal.created_at < window.end)
        .where(Proposal.loss_id.in_(losses) | ((Decision.at >= window.start) & (Decision.at < window.end)))
        .order_by(Proposal.id)
    )
    rows = (await session.execute(query)).all()
    return [Answer(id, loss, title, status, shown or name, at) for id, loss, title, status, shown, name, at in rows]


async def effects_in(session: AsyncSession, site_id: int, window: Window) -> list[Helped]:
    """Effects that were looked at in `window`, with the title of what was tried."""
    query = (
        select(Effect, ImprovementTask.title, Proposal.title)
        .outerjoin(ImprovementTask, ImprovementTask.id == Effect.task_id)
        .outerjoin(Proposal, Proposal.id == Effect.proposal_id)
        .where(Effect.site_id == site_id, Effect.checked_at >= window.start, Effect.checked_at < window.end)
        .order_by(Effect.checked_at)
    )
    return [
        Helped(task or proposal or "", e.verdict, e.unit, e.before, e.after, e.low, e.high, e.money, e.checked_at)
        for e, task, proposal in (await session.execute(query)).all()
    ]
