"""What a person is shown of a proposal: the document's own bytes, and what has become of it."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.models import Decision, Execution, Proposal, User
from mom.proposals.decide import find
from mom.proposals.document import Document, sha256_of


def card(proposal: Proposal) -> dict[str, Any]:
    """Derived from the document's bytes alone, but for `status`. `sha256` is of those bytes: post it back to decide."""
    document = Document.from_bytes(proposal.document)
    return {
        **document.model_dump(mode="json"),
        "sha256": sha256_of(proposal.document),
        "status": proposal.status,
        "document": proposal.document.decode(),
    }


async def full_card(session: AsyncSession, proposal_id: int, caller: Caller) -> dict[str, Any]:
    """The card with the decision and what was done. NotFound when it is not of the caller's plant."""
    proposal = await find(session, proposal_id, caller)
    return {**card(proposal), **await _became(session, proposal)}


async def cards(
    session: AsyncSession, caller: Caller, status: str | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The plant's proposals, newest first; `status`: only those (`pending` waits for a person)."""
    query: Select[Proposal] = select(Proposal).where(Proposal.site_id == caller.site_id)
    if status is not None:
        query = query.where(Proposal.status == status)
    rows = await session.scalars(query.order_by(Proposal.id.desc()).limit(limit))
    return [card(row) for row in rows]


async def _became(session: AsyncSession, proposal: Proposal) -> dict[str, Any]:
    decision = await session.get(Decision, proposal.id, populate_existing=True)
    execution = await session.get(Execution, proposal.id, populate_existing=True)
    by = await session.scalar(select(User.name).where(User.id == decision.by)) if decision else None
    return {
        "decision": _decision(decision, by) if decision else None,
        "execution": _execution(execution) if execution else None,
    }


def _decision(decision: Decision, by: str | None) -> dict[str, Any]:
    return {
        "approved": decision.approved,
        "by": by,
        "role": decision.role,
        "reason": decision.reason,
        "at": decision.at.isoformat(),
    }


def _execution(execution: Execution) -> dict[str, Any]:
    return {
        "status": execution.status,
        "attempts": execution.attempts,
        "outcome": execution.outcome,
        "subject": execution.subject,
        "told": execution.told,
        "ended_at": execution.ended_at.isoformat() if execution.ended_at else None,
    }
