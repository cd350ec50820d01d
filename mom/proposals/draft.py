"""From what an agent or an editing person gave to a pending row with its document."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.actions.action import Action, Plan, seen
from mom.actions.setting import Setting, read_setting
from mom.errors import BadInput, NotFound
from mom.events import emit
from mom.models import Loss, Proposal, User
from mom.proposals.document import (
    Alternative,
    Amount,
    Cost,
    Document,
    ExpectedEffect,
    LossShown,
    Person,
    Policy,
    Shown,
    sha256_of,
)
from mom.proposals.doing_nothing import doing_nothing
from mom.proposals.evidence import described

LONGEST_TEXT = 4000
MOST_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to have allowed; everything that the code adds to it is not in here."""

    action: Action
    payload: Any
    rationale: str
    evidence: tuple[str, ...]
    expected_effect: ExpectedEffect
    alternatives: tuple[Alternative, ...]
    loss_id: int | None
    proposed_by: str
    asked_by: int | None
    edited_by: int | None = None
    replaces: int | None = None
    run_id: UUID | None = None
    call_id: str | None = None


async def write(session: AsyncSession, site_id: int, draft: Draft, *, actor: str, now: datetime) -> Proposal:
    """Write the pending row, its event and its audit entry. The same call made twice at once gives one row."""
    draft = _readable(draft)
    setting = await read_setting(session, site_id)
    loss = await _loss(session, site_id, draft.loss_id)
    plan = await draft.action.plan(session, setting, draft.payload, loss, now)
    document = await _document(session, setting, draft, plan, loss, now)
    written = document.to_bytes()
    row = insert(Proposal).values(
        id=document.id,
        site_id=site_id,
        action=document.action,
        title=document.title,
        document=written,
        sha256=sha256_of(written),
        payload=document.payload,
        cost=Decimal(document.cost.amount),
        equipment_id=document.equipment_id,
        loss_id=draft.loss_id,
        proposed_by=draft.proposed_by,
        asked_by=draft.asked_by,
        edited_by=draft.edited_by,
        replaces_id=draft.replaces,
        run_id=draft.run_id,
        call_id=draft.call_id,
        created_at=now,
        expires_at=document.expires_at,
    )
    made: Proposal | None = await session.scalar(row.on_conflict_do_nothing().returning(Proposal))
    if made is None:
        return await _made_meanwhile(session, draft)
    await _tell(session, made, loss, actor=actor, now=now)
    return made


async def of_call(session: AsyncSession, run_id: UUID, call_id: str) -> Proposal | None:
    """The proposal that this tool call made."""
    query = select(Proposal).where(Proposal.run_id == run_id, Proposal.call_id == call_id)
    return (await session.scalars(query)).one_or_none()


async def _made_meanwhile(session: AsyncSession, draft: Draft) -> Proposal:
    same = await of_call(session, draft.run_id, draft.call_id) if draft.run_id and draft.call_id else None
    if same is None:
        raise RuntimeError("a proposal could not be written, and no other stands in its place")
    return same


async def _tell(session: AsyncSession, made: Proposal, loss: Loss | None, *, actor: str, now: datetime) -> None:
    if loss is not None and loss.status in ("new", "explained"):
        loss.status = "proposed"
    body = {"action": made.action, "title": made.title, "sha256": made.sha256, "cost": str(made.cost)}
    await emit(session, made.site_id, "proposal.created", f"proposal:{made.id}", body)
    await audit.append(
        session,
        site_id=made.site_id,
        at=now,
        actor=actor,
        act="proposal.created",
        subject=f"proposal:{made.id}",
        detail={"sha256": made.sha256, "action": made.action, "replaces": made.replaces_id},
    )


def _readable(draft: Draft) -> Draft:
    """The draft with its texts cleaned; what is empty or too long is refused by name."""
    rationale, effect = str(seen(draft.rationale)), str(seen(draft.expected_effect.text))
    for name, value in (("rationale", rationale), ("expected_effect", effect)):
        if not value:
            raise BadInput(f"{name} is empty.", remedy="Say it in a sentence that the approver can check.")
        if len(value) > LONGEST_TEXT:
            raise BadInput(f"{name} has {len(value)} characters, at most {LONGEST_TEXT} fit.", remedy="Shorten it.")
    if len(draft.evidence) > MOST_EVIDENCE:
        raise BadInput(f"evidence names {len(draft.evidence)} rows.", remedy=f"Give at most {MOST_EVIDENCE}.")
    others = tuple(
        Alternative(title=str(seen(a.title))[:200], text=str(seen(a.text))[:LONGEST_TEXT], cost=a.cost)
        for a in draft.alternatives
    )
    cleaned = draft.expected_effect.model_copy(update={"text": effect})
    return replace(draft, rationale=rationale, expected_effect=cleaned, alternatives=others)


async def _loss(session: AsyncSession, site_id: int, loss_id: int | None) -> Loss | None:
    if loss_id is None:
        return None
    loss = await session.get(Loss, loss_id)
    if loss is None or loss.site_id != site_id:
        raise NotFound(f"There is no loss {loss_id}.", remedy="Name one that a tool returned.")
    return loss


async def _document(
    session: AsyncSession, setting: Setting, draft: Draft, plan: Plan, loss: Loss | None, now: datetime
) -> Document:
    policy = setting.approval(draft.action.name)
    expires = now + policy.expires_after
    if plan.not_after is not None:
        expires = min(expires, plan.not_after)
    new_id = await session.scalar(text("SELECT nextval(pg_get_serial_sequence('proposals', 'id'))"))
    return Document(
        id=int(new_id or 0),
        site=setting.code,
        site_name=setting.name,
        action=draft.action.name,
        action_title=draft.action.title,
        title=plan.title,
        payload=draft.payload.model_dump(mode="json"),
        facts=plan.facts,
        shown=tuple(Shown(label=label, value=value) for label, value in plan.lines),
        rationale=draft.rationale,
        evidence=await described(session, setting, draft.evidence),
        expected_effect=draft.expected_effect,
        cost=Cost(
            amount=str(plan.cost),
            currency=setting.currency,
            lines=tuple(Amount(label=line.label, amount=str(line.amount)) for line in plan.costs),
        ),
        alternatives=(await doing_nothing(session, setting, plan, loss, now), *draft.alternatives),
        loss=LossShown(id=loss.id, title=loss.title) if loss else None,
        equipment_id=plan.equipment_id,
        proposed_by=draft.proposed_by,
        asked_by=await _person(session, draft.asked_by),
        edited_by=await _person(session, draft.edited_by),
        replaces=draft.replaces,
        policy=Policy(roles=policy.roles, four_eyes_above=str(policy.four_eyes_above)),
        created_at=now,
        expires_at=expires,
    )


async def _person(session: AsyncSession, user_id: int | None) -> Person | None:
    if user_id is None:
        return None
    user = await session.get(User, user_id)
    return Person(id=user_id, name=(user.display_name or user.name) if user else f"user {user_id}")
