"""Ask a person to allow something. The only part of the road to a change that agents and tools may use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

import mom.actions
from mom.actions.action import Action
from mom.caller import Caller
from mom.discover import discover
from mom.errors import BadInput
from mom.models import Proposal
from mom.proposals.document import Alternative, ExpectedEffect
from mom.proposals.draft import Draft, of_call, write

__all__ = ["Alternative", "ExpectedEffect", "actions", "payload_model", "propose"]


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
