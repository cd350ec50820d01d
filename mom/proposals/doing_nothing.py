"""The alternative that every proposal has: to do nothing, and what that costs."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Plan
from mom.actions.setting import Setting
from mom.effects.measure import measure_of, pieces_of
from mom.facts import Window
from mom.models import Loss
from mom.proposals.document import Alternative

LOOKED_BACK = timedelta(days=28)
AHEAD_DAYS = 7


async def doing_nothing(
    session: AsyncSession, setting: Setting, plan: Plan, loss: Loss | None, now: datetime
) -> Alternative:
    """What the same loss on the same equipment cost over the last four weeks, carried on for one week."""
    if plan.do_nothing is not None:
        return Alternative(title="Do nothing", text=plan.do_nothing, cost=_text(plan.do_nothing_cost))
    if loss is None:
        return Alternative(title="Do nothing", text="No loss is named, so what waiting costs is not known.")
    spent, times = await _history(session, loss, now)
    if spent is None:
        return Alternative(
            title="Do nothing", text="The loss has no money figure yet: what waiting costs is not known."
        )
    days = await _days_seen(session, loss, now)
    ahead = (spent / Decimal(days) * AHEAD_DAYS).quantize(Decimal("0.01"))
    text = (
        f"It has come up {_times(loss, times)} in the last {_days(days)} "
        f"and cost {setting.money(spent)}. If it goes on like that, the next {_days(AHEAD_DAYS)} cost about "
        f"{setting.money(ahead)}."
    )
    return Alternative(title="Do nothing", text=text, cost=str(ahead))


async def _history(session: AsyncSession, loss: Loss, now: datetime) -> tuple[Decimal | None, int]:
    """Money and times of the same loss in the time looked back on; no money when no sign of it has any."""
    pieces = await pieces_of(session, measure_of(loss), Window(now - LOOKED_BACK, now))
    priced = [piece.money for piece in pieces if piece.money is not None]
    return (sum(priced, Decimal(0)) if priced else None), len(pieces)


async def _days_seen(session: AsyncSession, loss: Loss, now: datetime) -> float:
    """For how long the plant has been watched, up to the time looked back on; a day at least."""
    first = await session.scalar(select(func.min(Loss.started_at)).where(Loss.site_id == loss.site_id))
    seen = now - max(first or now, now - LOOKED_BACK)
    return max(1.0, seen / timedelta(days=1))


def _times(loss: Loss, times: int) -> str:
    """A trouble that goes on for shifts is counted by these."""
    if loss.figures.get("parts"):
        return f"in {times} shift{'' if times == 1 else 's'}"
    return "once" if times == 1 else f"{times} times"


def _days(days: float) -> str:
    return "day" if round(days) == 1 else f"{days:.0f} days"


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
