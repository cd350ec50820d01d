"""Open an improvement task: a countermeasure against a loss, with its baseline, target and check date."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Action, Approved, CostLine, Done, Payload, Plan, Short, Text
from mom.actions.setting import Setting
from mom.effects.baseline import Baseline, baseline_of
from mom.errors import BadInput
from mom.models import ImprovementTask, Loss

LONGEST_AHEAD = timedelta(days=365)


class Task(Payload):
    """Open an improvement task against a loss: somebody does something by a date, its effect is measured later.

    Name the loss; baseline and check date are computed from it. A person decides first.
    """

    title: Short = Field(description="A verb first: 'Set the filler back to 200 bottles a minute after each repair'.")
    countermeasure: Text = Field(description="What exactly is changed, so that somebody else could do it.")
    owner: Short = Field(description="Who sees to it: a person's name or a role such as 'maintenance'.")
    due_on: date = Field(description="The day by which it is done, YYYY-MM-DD.")
    target: float | None = Field(None, ge=0, description="The value aimed at, in the loss's measure a day.")
    check_after_days: int = Field(14, ge=3, le=90, description="Days from the due date to the check of its effect.")
    hours: float = Field(0, ge=0, le=2000, description="Work that it takes, in hours.")
    material_cost: Decimal = Field(Decimal(0), ge=0, le=Decimal(10_000_000), description="What is bought for it.")


async def plan(session: AsyncSession, setting: Setting, task: Task, loss: Loss | None, now: datetime) -> Plan:
    """Compute the baseline: the loss's measure a day over the comparable period before."""
    today = now.astimezone(setting.zone).date()
    if not today <= task.due_on <= today + LONGEST_AHEAD:
        raise BadInput(
            f"due_on is {task.due_on}: expected a day from {today} within a year.", remedy="Give such a day."
        )
    if loss is None:
        raise BadInput("loss_id is missing: an improvement task is against a loss.", remedy="Name the loss it aims at.")
    before = await baseline_of(session, loss, now, days=task.check_after_days)
    check_on = task.due_on + timedelta(days=task.check_after_days)
    return Plan(
        title=task.title,
        lines=(
            ("Against", loss.title),
            ("What is changed", task.countermeasure),
            ("Owner", task.owner),
            ("Due", task.due_on.isoformat()),
            ("Baseline", before.words),
            ("Target", f"{task.target:g} {before.unit}" if task.target is not None else "less than the baseline"),
            ("Effect is measured on", check_on.isoformat()),
        ),
        costs=_costs(setting, task),
        facts={**before.as_json(), "check_on": check_on.isoformat()},
        equipment_id=loss.equipment_id,
    )


async def execute(session: AsyncSession, setting: Setting, approved: Approved) -> Done:
    """Open the task as it was approved."""
    task: Task = approved.payload
    before = Baseline.from_json(approved.facts)
    row = ImprovementTask(
        site_id=setting.site_id,
        proposal_id=approved.proposal_id,
        loss_id=approved.loss_id,
        equipment_id=approved.equipment_id,
        title=task.title,
        countermeasure=task.countermeasure,
        measure=before.measure,
        reason=before.reason,
        unit=before.unit,
        baseline=before.value,
        baseline_from=before.from_at,
        baseline_to=before.to_at,
        target=task.target,
        owner=task.owner,
        due_on=task.due_on,
        check_on=date.fromisoformat(approved.facts["check_on"]),
        created_at=approved.now,
    )
    session.add(row)
    await session.flush()
    return Done(f"improvement_task:{row.id}", f"Task {row.id} opened for {task.owner}, due {task.due_on}.")


def _costs(setting: Setting, task: Task) -> tuple[CostLine, ...]:
    labour = (setting.costs.technician_hour * Decimal(str(task.hours))).quantize(Decimal("0.01"))
    lines = (CostLine(f"Work, {task.hours:g} h", labour), CostLine("Material", task.material_cost))
    return tuple(line for line in lines if line.amount)


improvement_task = Action("improvement_task", "Improvement task", Task, plan, execute)
