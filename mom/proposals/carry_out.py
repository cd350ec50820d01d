"""Carry out what was approved: the action, its outcome and the letter about it are one transaction, so exactly once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit, switches
from mom.accounts.users import ROLES
from mom.actions.action import Approved, Done
from mom.actions.setting import read_setting
from mom.caller import Caller
from mom.errors import LinesideError, NotAllowed
from mom.events import emit
from mom.models import AuditEntry, Decision, Execution, Proposal, User
from mom.proposals.claim import Claim
from mom.proposals.decide import same_bytes
from mom.proposals.document import Document
from mom.proposals.policy import decider, four_eyes, in_time
from mom.proposals.propose import action_named, checked
from mom.proposals.tell import tell

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an execution. `done` False: it was refused or given up, and why stands in `words`."""

    done: bool
    words: str
    subject: str | None = None
    told: int | None = None


async def carry_out(session: AsyncSession, claimed: Claim, now: datetime) -> Outcome | None:
    """Do it in the caller's transaction; None when the claim was overtaken or the agents were switched off meanwhile.

    An error that we know (a machine that is gone, an order that has begun) ends it as failed; any other is raised: the
    lease runs out, and another attempt follows, at most five.
    """
    execution = await _mine(session, claimed)
    if execution is None:
        return None
    if not await switches.is_on(session):
        execution.status, execution.attempts, execution.lease_until = "waiting", execution.attempts - 1, None
        return None
    proposal = await session.get_one(Proposal, claimed.proposal_id, populate_existing=True)
    if claimed.attempt > MOST_ATTEMPTS:
        outcome = Outcome(False, f"Given up: {MOST_ATTEMPTS} attempts ended without an outcome.")
    else:
        outcome = await _attempt(session, proposal, now)
    await _record(session, proposal, execution, outcome, now)
    return outcome


async def _mine(session: AsyncSession, claimed: Claim) -> Execution | None:
    """The execution's row, locked, as long as the claim still holds."""
    query = select(Execution).where(
        Execution.proposal_id == claimed.proposal_id,
        Execution.status == "running",
        Execution.attempts == claimed.attempt,
        Execution.worker == claimed.worker,
    )
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def _attempt(session: AsyncSession, proposal: Proposal, now: datetime) -> Outcome:
    """What the action does is undone when it refuses half-way."""
    try:
        async with session.begin_nested():
            return await _act(session, proposal, now)
    except LinesideError as error:
        return Outcome(False, str(error))


async def _act(session: AsyncSession, proposal: Proposal, now: datetime) -> Outcome:
    document, by = await approved_document(session, proposal)
    action = action_named(document.action)
    setting = await read_setting(session, proposal.site_id)
    approved = Approved(
        proposal_id=document.id,
        payload=checked(action, document.payload),
        facts=document.facts,
        title=document.title,
        loss_id=document.loss.id if document.loss else None,
        equipment_id=document.equipment_id,
        approved_by=by,
        now=now,
    )
    done: Done = await action.execute(session, setting, approved)
    told = await tell(session, setting, action, done, proposal_id=document.id, now=now)
    return Outcome(True, done.words, done.subject, told)


async def approved_document(session: AsyncSession, proposal: Proposal) -> tuple[Document, str]:
    """The document and who approved it, with everything that made the approval good looked at once more.

    The bytes, the decision and the audit have to agree: a decision that was not made by `decide` is not carried out.
    """
    decision = await session.get(Decision, proposal.id, populate_existing=True)
    if proposal.status != "approved" or decision is None or not decision.approved:
        raise NotAllowed(f"Proposal {proposal.id} has not been approved.")
    document = same_bytes(proposal, decision.sha256)
    setting = await read_setting(session, proposal.site_id)
    person = await session.get_one(User, decision.by)
    who = Caller(proposal.site_id, person.id, person.name, frozenset({decision.role}) & frozenset(_roles(person)))
    if person.site_id not in (None, proposal.site_id) or setting.code != document.site:
        raise NotAllowed(f"Proposal {proposal.id} is of another plant than the person who approved it.")
    policy = setting.approval(document.action)
    decider(document, policy, who)
    four_eyes(document, policy, who)
    in_time(document, decision.at)
    await _on_record(session, proposal, decision)
    return document, person.display_name or person.name


def _roles(person: User) -> set[str]:
    """An administrator may have decided in any role."""
    return set(ROLES) if "admin" in person.roles else set(person.roles)


async def _on_record(session: AsyncSession, proposal: Proposal, decision: Decision) -> None:
    query = select(AuditEntry.detail).where(
        AuditEntry.site_id == proposal.site_id,
        AuditEntry.subject == f"proposal:{proposal.id}",
        AuditEntry.act == "proposal.approved",
        AuditEntry.actor == f"user:{decision.by}",
    )
    entries: list[dict[str, Any]] = list(await session.scalars(query))
    if [entry.get("sha256") for entry in entries] != [decision.sha256]:
        raise NotAllowed(f"The approval of proposal {proposal.id} is not on record.", remedy="Look at the audit.")


async def _record(
    session: AsyncSession, proposal: Proposal, execution: Execution, outcome: Outcome, now: datetime
) -> None:
    execution.status = proposal.status = "done" if outcome.done else "failed"
    execution.outcome = {"words": outcome.words}
    execution.subject, execution.told, execution.ended_at = outcome.subject, outcome.told, now
    execution.lease_until = None
    act, subject = f"action.{execution.status}", f"proposal:{proposal.id}"
    body = {"title": proposal.title, "action": proposal.action, "words": outcome.words, "row": outcome.subject}
    await emit(session, proposal.site_id, act, subject, body)
    detail = {"row": outcome.subject, "attempt": execution.attempts, "words": outcome.words}
    actor = f"system:{execution.worker}"
    await audit.append(session, site_id=proposal.site_id, at=now, actor=actor, act=act, subject=subject, detail=detail)
