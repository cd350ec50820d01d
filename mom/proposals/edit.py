"""Change what is proposed: a new proposal takes the old one's place, and the person who edited it is on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.actions.setting import read_setting
from mom.caller import Caller
from mom.errors import Conflict
from mom.events import emit
from mom.models import Proposal
from mom.proposals.decide import checked_reason, find, same_bytes
from mom.proposals.document import Document
from mom.proposals.draft import Draft, write
from mom.proposals.policy import decider, in_time
from mom.proposals.propose import action_named, checked


async def edit(
    session: AsyncSession,
    proposal_id: int,
    *,
    changes: Mapping[str, Any],
    sha256: str,
    caller: Caller,
    reason: str = "",
    now: datetime,
) -> Proposal:
    """Replace a pending proposal by one whose payload has `changes`; its cost and texts are computed anew.

    It takes a role that may decide on it, and the editor counts as one who asked (four eyes). Same errors as `decide`.
    """
    old = await find(session, proposal_id, caller)
    document = same_bytes(old, sha256)
    decider(document, (await read_setting(session, old.site_id)).approval(document.action), caller)
    in_time(document, now)
    draft = _edited(document, changes, caller, reason)
    taken = update(Proposal).where(Proposal.id == old.id, Proposal.status == "pending", Proposal.sha256 == old.sha256)
    if await session.scalar(taken.values(status="replaced").returning(Proposal.id)) is None:
        raise Conflict(f"Proposal {old.id} is already {old.status}.", remedy="Open it again.")
    made = await write(session, old.site_id, draft, actor=caller.actor, now=now)
    await _tell(session, old, made, caller, now)
    return made


def _edited(document: Document, changes: Mapping[str, Any], caller: Caller, reason: str) -> Draft:
    action = action_named(document.action)
    words = checked_reason(reason, needed=False)
    note = f"\nEdited by {caller.name}: {words}" if words else ""
    return Draft(
        action=action,
        payload=checked(action, {**document.payload, **changes}),
        rationale=document.rationale + note,
        evidence=tuple(evidence.ref for evidence in document.evidence),
        expected_effect=document.expected_effect,
        alternatives=document.alternatives[1:],  # doing nothing is reckoned anew
        loss_id=document.loss.id if document.loss else None,
        proposed_by=document.proposed_by,
        asked_by=document.asked_by.id if document.asked_by else None,
        edited_by=caller.user_id,
        replaces=document.id,
    )


async def _tell(session: AsyncSession, old: Proposal, made: Proposal, caller: Caller, now: datetime) -> None:
    subject = f"proposal:{old.id}"
    await emit(session, old.site_id, "proposal.replaced", subject, {"by": caller.name, "new": made.id})
    await audit.append(
        session,
        site_id=old.site_id,
        at=now,
        actor=caller.actor,
        act="proposal.replaced",
        subject=subject,
        detail={"new": made.id, "sha256": old.sha256},
    )
