"""Ask a person to allow something: the only thing that an agent can write. Nothing here changes the plant."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from mom.blocks import ProposalBlock
from mom.models import Proposal
from mom.proposals.propose import payload_model, propose, waiting_like
from tools.losses import loss_id
from tools.tool import Context, Result, Tool


class Reasons(BaseModel):
    """Why, beside what."""

    model_config = ConfigDict(extra="forbid")
    rationale: str = Field(
        description="Why this, why now: two or three sentences with the figures that tools returned."
    )
    expected_effect: str = Field(description="What it should bring, and how sure that is.")
    evidence: list[str] = Field(description="Refs of the rows behind it, as tools returned them: stop:12, loss:7.")
    alternatives: list[str] = Field([], description="What else could be done; doing nothing is added.")
    loss: str | None = Field(None, description="The loss that it is against: loss:7.")


def may_propose(action: str) -> Tool:
    """The tool by which an agent proposes `action`: the action's own fields, and the reasons."""
    payload = payload_model(action)
    arguments = create_model(
        f"propose_{action}", __base__=Reasons, action=(payload, Field(description="What is to be done."))
    )

    async def function(context: Context, action: BaseModel, **reasons: Any) -> Result:
        if context.write is None:
            raise TypeError("a proposing tool is called with the session that writes")
        against = reasons.pop("loss")
        if earlier := await waiting_like(context.write, context.caller, name, action, context.now):
            return _told(earlier, "It was proposed before and still waits: a person approves, edits or rejects it.")
        made = await propose(
            context.write,
            caller=context.caller,
            agent=context.agent,
            action=name,
            payload=action,
            now=context.now,
            loss_id=loss_id(against) if against else None,
            run_id=context.run_id,
            call_id=context.call_id,
            **reasons,
        )
        return _told(made, "It waits: a person approves, edits or rejects it.")

    name = action
    doc = f"{(payload.__doc__ or '').strip()} This writes a proposal that waits for a person; nothing is done yet."
    return Tool(f"propose_{action}", doc, arguments, function, proposes=True, doing="Writing a proposal")


def _told(made: Proposal, note: str) -> Result:
    told = {"ref": f"proposal:{made.id}", "id": made.id, "title": made.title, "status": made.status}
    data = {**told, "cost": float(made.cost), "note": note}
    return Result(data, (ProposalBlock(id=made.id, title=made.title, status=made.status),))
