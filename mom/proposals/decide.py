"""A person's answer to a proposal. Silence means no; yes counts only for exactly the bytes that were shown."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.actions.setting import read_setting
from mom.caller import Caller
from mom.errors import BadInput, Conflict, NotFound
from mom.events import emit
from mom.models import Decision, Execution, Loss, Proposal, User
from mom.proposals.document import Document, sha256_of
from mom.proposals.policy import decider, four_eyes, in_time

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person decided, in which role."""

    approve: bool
    role: str
    reason: str


async def decide(
    session: AsyncSession,
    proposal_id: int,
    *,
    approve: bool,
    sha256: str,
    caller: Caller,
    reason: str = "",
    now: datetime,
) -> Decision:
    """Approve or reject a pending proposal in the caller's transaction; of many at once, one wins.

    `sha256` is the hash of the bytes that the person read. A rejection needs a reason. Raises NotFound (not in the
    caller's plant), NotAllowed (role, four eyes), Conflict (changed, expired, already decided), BadInput (no reason).
    """
    proposal = await find(session, proposal_id, caller)
    document = same_bytes(proposal, sha256)
    policy = (await read_setting(session, proposal.site_id)).approval(document.action)
    answer = Answer(approve, decider(document, policy, caller), checked_reason(reason, needed=not approve))
    await _pending(session, proposal)
    in_time(document, now)
    if approve:
        four_eyes(document, policy, caller)
    await _take(session, proposal, "approved" if approve else "rejected", now)
    return await _record(session, proposal, document, answer, caller, now)


async def find(session: AsyncSession, proposal_id: int, caller: Caller) -> Proposal:
    """The proposal as it is now, of the caller's own plant."""
    here = Proposal.id == proposal_id, Proposal.site_id == caller.site_id
    found = await session.scalar(select(Proposal).where(*here).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"There is no proposal {proposal_id}.")
    return found


def same_bytes(proposal: Proposal, sha256: str) -> Document:
    """The document, when `sha256` is the hash of its bytes as they are now and it belongs to this row."""
    actual = sha256_of(proposal.document)
    document = Document.from_bytes(proposal.document) if compare_digest(actual, sha256.lower()) else None
    if document is None or proposal.sha256 != actual or document.id != proposal.id:
        raise Conflict(
            f"Proposal {proposal.id} is no longer what you were shown.",
            remedy="Open it again and read it before you decide.",
        )
    return document


async def _pending(session: AsyncSession, proposal: Proposal) -> None:
    if proposal.status == "pending":
        return
    by = select(User.name).join(Decision, Decision.by == User.id).where(Decision.proposal_id == proposal.id)
    name = await session.scalar(by)
    raise Conflict(f"Proposal {proposal.id} is already {proposal.status}{f' by {name}' if name else ''}.")


def checked_reason(reason: str, *, needed: bool) -> str:
    """As it is kept: BadInput when it is too long, cannot be stored, or is `needed` and missing."""
    words = reason.strip()
    if not words and needed:
        raise BadInput(
            "reason is empty: a rejection needs one.", remedy="Say in a sentence why not; it is learned from."
        )
    if len(words) > LONGEST_REASON:
        raise BadInput(f"reason has {len(words)} characters, at most {LONGEST_REASON} are kept.", remedy="Shorten it.")
    if "\x00" in words:
        raise BadInput("reason contains a character that cannot be stored (NUL).", remedy="Type it again.")
    return words


async def _take(session: AsyncSession, proposal: Proposal, status: str, now: datetime) -> None:
    """The one statement that decides who was first."""
    mine = update(Proposal).where(
        Proposal.id == proposal.id,
        Proposal.status == "pending",
        Proposal.sha256 == proposal.sha256,
        Proposal.document == proposal.document,
        Proposal.expires_at > now,
    )
    if await session.scalar(mine.values(status=status).returning(Proposal.id)) is None:
        raise Conflict(f"Proposal {proposal.id} has changed meanwhile.", remedy="Open it again.")


async def _record(
    session: AsyncSession, proposal: Proposal, document: Document, answer: Answer, caller: Caller, now: datetime
) -> Decision:
    decision = Decision(
        proposal_id=proposal.id,
        site_id=proposal.site_id,
        approved=answer.approve,
        by=caller.user_id,
        role=answer.role,
        reason=answer.reason,
        sha256=proposal.sha256,
        at=now,
    )
    session.add(decision)
    if answer.approve:
        session.add(Execution(proposal_id=proposal.id, site_id=proposal.site_id, created_at=now))
    await _mark_loss(session, document, approved=answer.approve)
    subject = f"proposal:{proposal.id}"
    body = {"approved": answer.approve, "by": caller.name, "action": document.action, "title": document.title}
    await emit(session, proposal.site_id, "proposal.decided", subject, body)
    act = "proposal.approved" if answer.approve else "proposal.rejected"
    detail = {"sha256": proposal.sha256, "role": answer.role, "reason": answer.reason, "through": caller.through}
    await audit.append(
        session, site_id=proposal.site_id, at=now, actor=caller.actor, act=act, subject=subject, detail=detail
    )
    return decision


async def _mark_loss(session: AsyncSession, document: Document, *, approved: bool) -> None:
    """The loss that it is about: in work, or again without a proposal."""
    if document.loss is not None:
        changed = update(Loss).where(Loss.id == document.loss.id, Loss.status == "proposed")
        await session.execute(changed.values(status="in work" if approved else "explained"))
