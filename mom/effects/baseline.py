"""The baseline of a task: what its loss came to a day, before anything was changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncSession

from mom.effects.measure import days_of, measure_of
from mom.figures import MIN_COVERAGE
from mom.models import Loss

FEWEST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """`value` is None when fewer than three days were there to look at."""

    measure: str
    reason: str
    unit: str
    value: float | None
    from_at: datetime
    to_at: datetime
    days: int
    money_per_day: float | None

    @property
    def words(self) -> str:
        if self.value is None:
            return f"not known: only {self.days} days before it were seen"
        return f"{self.value:,.1f} {self.unit} over {self.days} days"

    def as_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "reason": self.reason,
            "unit": self.unit,
            "baseline": self.value,
            "baseline_from": self.from_at.isoformat(),
            "baseline_to": self.to_at.isoformat(),
            "baseline_days": self.days,
            "money_per_day": self.money_per_day,
        }

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        return cls(
            measure=facts["measure"],
            reason=facts["reason"],
            unit=facts["unit"],
            value=facts["baseline"],
            from_at=datetime.fromisoformat(facts["baseline_from"]),
            to_at=datetime.fromisoformat(facts["baseline_to"]),
            days=facts["baseline_days"],
            money_per_day=facts["money_per_day"],
        )


async def baseline_of(session: AsyncSession, loss: Loss, now: datetime, *, days: int) -> Baseline:
    """The mean of the worked days among the last `days`, as far as they were seen; one without the loss counts as 0."""
    measure = measure_of(loss)
    from_at = now - timedelta(days=days + 1)
    found = [day for day in await days_of(session, measure, from_at, now, now) if day.coverage >= MIN_COVERAGE]
    known = len(found) >= FEWEST_DAYS
    return Baseline(
        measure=measure.name,
        reason=measure.reason,
        unit=measure.unit,
        value=round(fmean(day.value for day in found), 3) if known else None,
        from_at=from_at,
        to_at=now,
        days=len(found),
        money_per_day=round(fmean(day.money for day in found), 2) if known else None,
    )
