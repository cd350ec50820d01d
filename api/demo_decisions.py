"""What people of the demo plant decided in its past, by the same doors as today: now there is something to check."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.users import caller_of, user_named
from mom.caller import Caller
from mom.database.access import Store
from mom.effects.tasks import end_task
from mom.models import Equipment, ImprovementTask, Loss, Proposal, Site
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import claim
from mom.proposals.decide import decide
from mom.proposals.propose import propose

AGENT = "improvement_coach"
PROPOSED, DONE = timedelta(days=10), timedelta(days=7)
"""Before today. What was done seven days ago is checked today."""
ANSWERED = timedelta(hours=3)
REFUSED = "The crew on this line is new until the end of the month; we look at it again after that."


@dataclass(frozen=True)
class Idea:
    """A countermeasure against the dearest loss of a rule in the week before it was proposed."""

    rule: str
    title: str
    countermeasure: str
    owner: str
    effect: str
    approved: bool


IDEAS = (
    Idea(
        "minor_stops",
        "Clean the guides and sensors of {machine} at each shift start",
        "Ten minutes at shift start: blow out the guides, wipe the sensors, tick it off on the shift sheet.",
        "supervisor",
        "Fewer short stops on {machine}.",
        True,
    ),
    Idea(
        "set_up",
        "Lay out the format parts of {machine} before the last pallet",
        "The operator of the packer lays the parts out on the trolley while the old order still runs.",
        "planner",
        "Shorter change-overs on {machine}.",
        True,
    ),
    Idea(
        "scrap",
        "Check the first twenty pieces after each start of {machine} by hand",
        "The operator checks twenty pieces and writes the result down before full speed is set.",
        "quality",
        "Less scrap after starts on {machine}.",
        False,
    ),
)


async def decide_past(store: Store, site_code: str, now: datetime) -> int:
    """Propose, decide and carry out each idea in the past; how many. Nothing when it has been done before."""
    async with store.write() as session:
        site = (await session.scalars(select(Site).where(Site.code == site_code))).one()
        if await session.scalar(select(func.count()).select_from(Proposal).where(Proposal.site_id == site.id)):
            return 0
        asker = await caller_of(session, await user_named(session, "supervisor"), site.id)
        decider = await caller_of(session, await user_named(session, "manager"), site.id)
        here = now.astimezone(ZoneInfo(site.time_zone))
        made = [await _live_through(session, idea, asker, decider, here) for idea in IDEAS]
        await session.commit()
    return sum(made)


async def _live_through(session: AsyncSession, idea: Idea, asker: Caller, decider: Caller, now: datetime) -> bool:
    proposed = now - PROPOSED
    loss = await _dearest(session, asker.site_id, idea.rule, proposed)
    if loss is None:
        return False
    machine = (await session.get_one(Equipment, loss.equipment_id)).name
    proposal = await propose(
        session, caller=asker, agent=AGENT, action="improvement_task", payload=_task(idea, machine, now),
        rationale=f"{loss.title}: the dearest of its kind in the days before.", evidence=[f"loss:{loss.id}"],
        expected_effect=idea.effect.format(machine=machine), loss_id=loss.id, now=proposed,
    )  # fmt: skip
    reason = "" if idea.approved else REFUSED
    await decide(
        session, proposal.id, approve=idea.approved, sha256=proposal.sha256, caller=decider, reason=reason,
        now=proposed + ANSWERED,
    )  # fmt: skip
    if idea.approved:
        await _carry_out(session, proposal.id, asker, now)
    return True


async def _carry_out(session: AsyncSession, proposal_id: int, asker: Caller, now: datetime) -> None:
    then = now - PROPOSED + ANSWERED
    claimed = await claim(session, "demo", then)
    if claimed is not None:
        await carry_out(session, claimed, then)
    task = await session.scalar(select(ImprovementTask.id).where(ImprovementTask.proposal_id == proposal_id))
    if task is not None:
        await end_task(session, task, done=True, caller=asker, now=now - DONE)


async def _dearest(session: AsyncSession, site_id: int, rule: str, before: datetime) -> Loss | None:
    known = select(Loss).where(Loss.site_id == site_id, Loss.rule == rule, Loss.superseded_at.is_(None))
    recent = known.where(Loss.started_at.between(before - DONE, before))
    return await session.scalar(recent.order_by(Loss.money.desc().nulls_last(), Loss.id).limit(1))


def _task(idea: Idea, machine: str, now: datetime) -> dict[str, Any]:
    return {
        "title": idea.title.format(machine=machine),
        "countermeasure": idea.countermeasure,
        "owner": idea.owner,
        "due_on": (now - DONE).date().isoformat(),
        "check_after_days": DONE.days,
        "hours": 4,
    }
