"""What a loss costs a day: the values that before and after are compared by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.setting import read_setting
from mom.facts import Window
from mom.models import Loss

PIECES = ("scrap", "start")  # kinds of loss that are told in pieces; all others in minutes


@dataclass(frozen=True, slots=True)
class Measure:
    """A loss rule's minutes or pieces a day on one equipment, for one reason where the loss has one."""

    site_id: int
    equipment_id: int
    rule: str
    reason: str
    of: str  # seconds, units

    @property
    def name(self) -> str:
        return f"{self.rule}.{self.of}"

    @property
    def unit(self) -> str:
        return "min/day" if self.of == "seconds" else "pcs/day"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the plant: its value in the measure's unit, the money, and how much of it was seen."""

    on: date
    value: float
    money: float
    coverage: float = 1.0


def measure_of(loss: Loss) -> Measure:
    """What a loss is measured by."""
    of = "units" if loss.kind.startswith(PIECES) or (loss.units and not loss.seconds) else "seconds"
    return Measure(loss.site_id, loss.equipment_id, loss.rule, loss.reason, of)


def measure_named(name: str, *, site_id: int, equipment_id: int, reason: str | None) -> Measure:
    """The measure that a task keeps by its name (`stop.seconds`)."""
    rule, _, of = name.rpartition(".")
    return Measure(site_id, equipment_id, rule, reason or "", of)


async def days_of(session: AsyncSession, measure: Measure, from_at: datetime, to_at: datetime) -> list[Day]:
    """A value for each whole local day from `from_at` up to `to_at`; days without the loss are there with 0."""
    zone = (await read_setting(session, measure.site_id)).zone
    rows = await session.scalars(
        select(Loss).where(
            Loss.site_id == measure.site_id,
            Loss.equipment_id == measure.equipment_id,
            Loss.rule == measure.rule,
            Loss.reason == measure.reason,
            Loss.superseded_at.is_(None),
            Loss.started_at < to_at,
            Loss.ended_at.is_(None) | (Loss.ended_at > from_at),
        )
    )
    losses = rows.all()
    return [_day(window, on, losses, measure) for on, window in whole_days(from_at, to_at, zone)]


def whole_days(from_at: datetime, to_at: datetime, zone: ZoneInfo) -> list[tuple[date, Window]]:
    """The plant's whole days in a span; one with a change of clocks has 23 or 25 hours."""
    day = from_at.astimezone(zone).date()
    found: list[tuple[date, Window]] = []
    while True:
        window = Window(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        if window.end > to_at:
            return found
        if window.start >= from_at:
            found.append((day, window))
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _day(window: Window, on: date, losses: Sequence[Loss], measure: Measure) -> Day:
    """A loss that lasts longer than a day counts on each by its share."""
    value = money = 0.0
    for loss in losses:
        share = _share(loss, window)
        value += share * (loss.seconds / 60 if measure.of == "seconds" else loss.units)
        money += share * float(loss.money or 0)
    return Day(on, value, money)


def _share(loss: Loss, window: Window) -> float:
    if loss.ended_at is None or loss.ended_at <= loss.started_at:
        return 1.0 if window.start <= loss.started_at < window.end else 0.0
    return window.overlap(loss.started_at, loss.ended_at) / (loss.ended_at - loss.started_at).total_seconds()
