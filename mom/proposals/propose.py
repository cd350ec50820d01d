"""Ask a person to allow something. The only part of the road to a change that agents and tools may use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import mom.actions
from mom.actions.action import Action
from mom.caller import Caller
from mom.discover import discover
from mom.errors import BadInput
from mom.models import Proposal, Site
from mom.proposals.document import Alternative, ExpectedEffect
from mom.proposals.draft import Draft, of_call, write

__all__ = ["Alternative", "ExpectedEffect", "actions", "payload_model", "propose", "waiting_like"]


async def propose(
    session: AsyncSession,
    *,
    caller: Caller,
    agent: str,
    action: str,
    payload: Mapping[str, Any] | BaseModel,
    rationale: str,
    expected_effect: str | ExpectedEffect,
    now: datetime,
    evidence: Sequence[str] = (),
    alternatives: Sequence[str | Alternative] = (),
    loss_id: int | None = None,
    run_id: UUID | None = None,
    call_id: str | None = None,
) -> Proposal:
    """Write a pending proposal in the caller's transaction, or return the one that this call made before.

    `evidence` are row references (`stop:12`); `alternatives` leave out doing nothing, which is added with its cost.
    Raises BadInput (field, value, what was expected) and NotFound, both worded for a model.
    """
    if run_id is not None and call_id is not None and (earlier := await of_call(session, run_id, call_id)):
        return earlier
    kind = action_named(action)
    draft = Draft(
        action=kind,
        payload=checked(kind, payload),
        rationale=rationale,
        evidence=tuple(dict.fromkeys(evidence)),
        expected_effect=_effect(expected_effect),
        alternatives=tuple(a if isinstance(a, Alternative) else Alternative(title=a) for a in alternatives),
        loss_id=loss_id,
        proposed_by=agent,
        asked_by=caller.user_id,
        run_id=run_id,
        call_id=call_id,
    )
    return await write(session, caller.site_id, draft, actor=f"agent:{agent}", now=now)


async def waiting_like(
    session: AsyncSession, caller: Caller, action: str, payload: Mapping[str, Any] | BaseModel, now: datetime
) -> Proposal | None:
    """A proposal of the plant that asks for the same (Action.same) and still waits: point to it, do not propose it again."""
    kind = action_named(action)
    site = await session.get_one(Site, caller.site_id)
    wanted = _same(kind, checked(kind, payload).model_dump(mode="json"), site.code)
    pending = select(Proposal).where(
        Proposal.site_id == caller.site_id,
        Proposal.action == action,
        Proposal.status == "pending",
        Proposal.expires_at > now,
    )
    rows = await session.scalars(pending.order_by(Proposal.id))
    return next((row for row in rows if _same(kind, row.payload, site.code) == wanted), None)


def _same(action: Action, payload: Mapping[str, Any], site: str) -> list[Any]:
    """What makes two proposals one; an order without a part is known by its title too."""
    values = [payload.get(name) for name in action.same]
    values += [] if all(values) else [payload.get("title")]
    return [value.casefold().removeprefix(f"{site}/") if isinstance(value, str) else value for value in values]


def actions() -> dict[str, str]:
    """Every action's name and title."""
    return {name: action.title for name, action in _actions().items()}


def payload_model(action: str) -> type[BaseModel]:
    """The fields of an action as a pydantic model; its docstring and field descriptions are for the model to read."""
    return action_named(action).payload


def action_named(name: str) -> Action:
    """BadInput names those that exist."""
    if name not in _actions():
        raise BadInput(f"action is {name!r}: there is no such action.", remedy=f"Known: {', '.join(_actions())}.")
    return _actions()[name]


def checked(action: Action, payload: Mapping[str, Any] | BaseModel) -> Any:
    """The payload as the action's own model. BadInput names each wrong field, its value and what was expected."""
    given = payload.model_dump(mode="json") if isinstance(payload, BaseModel) else dict(payload)
    try:
        return action.payload.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'payload'} is {fault['input']!r:.80}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        )
        raise BadInput(f"{action.name}: {faults}.", remedy="Correct these fields and propose again.") from error


@cache
def _actions() -> dict[str, Action]:
    return discover(mom.actions, Action)


def _effect(effect: str | ExpectedEffect) -> ExpectedEffect:
    return effect if isinstance(effect, ExpectedEffect) else ExpectedEffect(text=effect)
