"""Proposals that wait for a person. Reading only: deciding is a person's."""

from typing import Any

from sqlalchemy import func, select

from mom.blocks import ProposalBlock
from mom.models import Decision, Equipment, Execution, Proposal
from mom.store.equipment import site_of
from tools.scope import told
from tools.tool import Context, Result, tool

MOST = 20


@tool(doing="Looking at the proposals")
async def list_waiting_proposals(context: Context, mine: bool = True) -> Result:
    """Proposals that wait for a decision, the one that expires first on top. `mine`: only those that the person who asks may decide.

    Shown as cards: the person approves, edits or rejects there. You cannot."""
    query = (
        select(Proposal, Equipment.name)
        .outerjoin(Equipment, Equipment.id == Proposal.equipment_id)
        .where(Proposal.site_id == context.site_id, Proposal.status == "pending", Proposal.expires_at > context.now)
        .order_by(Proposal.expires_at)
    )
    found = (await context.read.execute(query)).all()
    policies = await _roles(context)
    rows = [_row(context, proposal, machine, policies) for proposal, machine in found]
    chosen = [row for row in rows if row["may_decide"]] if mine else rows
    blocks = tuple(ProposalBlock(id=row["id"], title=row["title"], status="pending") for row in chosen[:MOST])
    data = {"count": len(chosen), "all_waiting": len(rows), "mine": mine, "proposals": chosen[:MOST]}
    return Result(data, blocks)


@tool(doing="Looking at what was decided")
async def list_decided_proposals(context: Context, limit: int = 10) -> Result:
    """The last proposals that were decided: approved or rejected, by whom, why, and what became of them."""
    query = (
        select(Proposal, Decision, Execution)
        .join(Decision, Decision.proposal_id == Proposal.id)
        .outerjoin(Execution, Execution.proposal_id == Proposal.id)
        .where(Proposal.site_id == context.site_id)
        .order_by(Decision.at.desc())
        .limit(min(max(limit, 1), MOST))
    )
    rows = [
        {
            "ref": f"proposal:{proposal.id}",
            "id": proposal.id,
            "title": proposal.title,
            "approved": decision.approved,
            "reason": decision.reason,
            "at": told(decision.at, context),
            "outcome": execution.status if execution else None,
            "subject": execution.subject if execution else None,
        }
        for proposal, decision, execution in (await context.read.execute(query)).all()
    ]
    return Result({"count": len(rows), "proposals": rows})


async def waiting_count(context: Context) -> int:
    query = select(func.count()).where(Proposal.site_id == context.site_id, Proposal.status == "pending")
    return await context.read.scalar(query.where(Proposal.expires_at > context.now)) or 0


async def _roles(context: Context) -> dict[str, list[str]]:
    """Which roles may approve each action, as the plant file says."""
    approvals = (await site_of(context.read, context.site_id)).plant.get("approvals") or {}
    return {action: list(policy.get("roles", ())) for action, policy in approvals.items()}


def _row(context: Context, proposal: Proposal, machine: str | None, policies: dict[str, list[str]]) -> dict[str, Any]:
    roles = policies.get(proposal.action, ["manager"])
    return {
        "ref": f"proposal:{proposal.id}",
        "id": proposal.id,
        "action": proposal.action,
        "title": proposal.title,
        "machine": machine,
        "cost": float(proposal.cost),
        "made": told(proposal.created_at, context),
        "expires": told(proposal.expires_at, context),
        "roles": roles,
        "may_decide": "admin" in context.caller.roles or bool(set(roles) & context.caller.roles),
        "loss": f"loss:{proposal.loss_id}" if proposal.loss_id else None,
    }
