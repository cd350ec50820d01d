"""On its check date a task is looked at: did its loss become less, and what is that worth a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.actions.setting import Setting, read_setting
from mom.effects.compare import BETTER, CANNOT_TELL, Comparison, compare
from mom.effects.measure import Day, days_of, measure_named
from mom.events import emit
from mom.figures import MIN_COVERAGE
from mom.models import Effect, ImprovementTask, Loss

AT_ONCE = 20
WEEK = 7


async def check_due(session: AsyncSession, now: datetime) -> list[Effect]:
    """Write the effect of every task whose check date has come. Several may call it at once; the caller commits."""
    due = select(ImprovementTask).where(
        ImprovementTask.status.in_(("open", "done")), ImprovementTask.check_on <= (now + timedelta(days=1)).date()
    )
    found = []
    for task in await session.scalars(
        due.order_by(ImprovementTask.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    ):
        setting = await read_setting(session, task.site_id)
        if task.check_on <= now.astimezone(setting.zone).date():
            found.append(await check(session, task, setting, now))
    return found


async def check(session: AsyncSession, task: ImprovementTask, setting: Setting, now: datetime) -> Effect:
    """Compare the worked days of the baseline with those since the task was done (or due, when nobody said so)."""
    since = task.done_at or _day_after(task, setting)
    before, after = await _days(session, task, since, now)
    seen = [[day for day in days if day.coverage >= MIN_COVERAGE] for days in (before, after)]
    old, new = comparable(seen[0], seen[1])
    result = compare([day.value for day in old], [day.value for day in new], task.target)
    effect = Effect(
        site_id=task.site_id,
        task_id=task.id,
        proposal_id=task.proposal_id,
        before=result.before,
        after=result.after,
        difference=result.difference,
        low=result.low,
        high=result.high,
        money=_money(old, new) if result.difference is not None else None,
        unit=task.unit,
        verdict=result.verdict,
        detail={
            "measure": task.measure,
            "days_before": len(old),
            "days_after": len(new),
            "not_seen": len(before) + len(after) - len(seen[0]) - len(seen[1]),
            "since": since.isoformat(),
            "marked_done": task.done_at is not None,
            "why": result.why,
        },
        checked_at=now,
    )
    session.add(effect)
    task.status = "checked"
    await session.flush()
    await _tell(session, task, effect, result, now)
    return effect


def comparable(before: Sequence[Day], after: Sequence[Day]) -> tuple[Sequence[Day], Sequence[Day]]:
    """All days whose day of the week both sides have, where there is a week of each; else all of both."""
    if min(len(before), len(after)) < WEEK:
        return before, after
    kept: tuple[list[Day], list[Day]] = ([], [])
    for weekday in range(WEEK):
        old = [day for day in before if day.on.weekday() == weekday]
        new = [day for day in after if day.on.weekday() == weekday]
        if old and new:
            kept[0].extend(old)
            kept[1].extend(new)
    return kept


async def _days(
    session: AsyncSession, task: ImprovementTask, since: datetime, now: datetime
) -> tuple[list[Day], list[Day]]:
    if task.equipment_id is None or task.baseline_from is None or task.baseline_to is None:
        return [], []
    measure = measure_named(task.measure, site_id=task.site_id, equipment_id=task.equipment_id, reason=task.reason)
    before = await days_of(session, measure, task.baseline_from, task.baseline_to, now)
    return before, await days_of(session, measure, since, now, now)


def _money(before: Sequence[Day], after: Sequence[Day]) -> Decimal:
    """Saved a day; negative when it became dearer."""
    return Decimal(fmean(d.money for d in before) - fmean(d.money for d in after)).quantize(Decimal("0.01"))


def _day_after(task: ImprovementTask, setting: Setting) -> datetime:
    return datetime.combine(task.due_on + timedelta(days=1), time(), setting.zone).astimezone(UTC)


async def _tell(
    session: AsyncSession, task: ImprovementTask, effect: Effect, result: Comparison, now: datetime
) -> None:
    loss = await session.get(Loss, task.loss_id) if task.loss_id else None
    if loss is not None and result.verdict == BETTER:
        loss.status = "better"
    subject, body = f"effect:{effect.id}", {"task": task.id, "title": task.title, "verdict": result.verdict}
    await emit(session, task.site_id, "effect.checked", subject, body)
    detail = {"task": task.id, "verdict": result.verdict, "sure": result.verdict != CANNOT_TELL}
    await audit.append(
        session,
        site_id=task.site_id,
        at=now,
        actor="system:worker",
        act="effect.checked",
        subject=subject,
        detail=detail,
    )
