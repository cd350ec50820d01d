"""What a loss costs a day: the values that before and after are compared by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Facts, Window
from mom.history.calendar import days_of as local_days
from mom.history.classes import TimeClass, classify, totals
from mom.losses.share import parts_of
from mom.models import Equipment, Loss
from mom.store.facts import facts

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


@dataclass(frozen=True, slots=True)
class Piece:
    """One sign of a loss: when it began, its value in the measure's unit without the day, what it cost."""

    at: datetime
    value: float
    money: Decimal | None


def measure_of(loss: Loss) -> Measure:
    """What a loss is measured by."""
    of = "units" if loss.kind.startswith(PIECES) or (loss.units and not loss.seconds) else "seconds"
    return Measure(loss.site_id, loss.equipment_id, loss.rule, loss.reason, of)


def measure_named(name: str, *, site_id: int, equipment_id: int, reason: str | None) -> Measure:
    """The measure that a task keeps by its name (`stop.seconds`)."""
    rule, _, of = name.rpartition(".")
    return Measure(site_id, equipment_id, rule, reason or "", of)


async def days_of(
    session: AsyncSession, measure: Measure, from_at: datetime, to_at: datetime, now: datetime
) -> list[Day]:
    """A value for each whole local day that was worked, from `from_at` up to `to_at`; 0 where the loss did not come up.

    `coverage` is the share of the day's planned time that was seen: a day that nobody watched is no day without loss.
    """
    window = Window(from_at, min(to_at, now))
    if window.seconds <= 0:
        return []
    equipment = await session.get_one(Equipment, measure.equipment_id)
    known = await facts(session, equipment, window, now)
    pieces = await pieces_of(session, measure, window)
    found = []
    for on, day in whole_days(window, known.zone):
        coverage = seen_of(replace(known, window=day))
        if coverage is not None:
            found.append(_day(day, on, pieces, coverage))
    return found


async def pieces_of(session: AsyncSession, measure: Measure, window: Window) -> list[Piece]:
    """Every sign of the loss that began in the window."""
    query = select(Loss).where(
        Loss.site_id == measure.site_id,
        Loss.equipment_id == measure.equipment_id,
        Loss.rule == measure.rule,
        Loss.reason == measure.reason,
        Loss.superseded_at.is_(None),
        Loss.started_at < window.end,
        Loss.ended_at.is_(None) | (Loss.ended_at >= window.start),
    )
    found = [piece for loss in await session.scalars(query) for piece in _pieces(loss, measure)]
    return [piece for piece in found if window.start <= piece.at < window.end]


def _pieces(loss: Loss, measure: Measure) -> list[Piece]:
    """A trouble that goes on for shifts keeps its share of each; any other counts where it began."""
    if not loss.figures.get("parts"):
        return [Piece(loss.started_at, _value(measure, loss.seconds, loss.units), loss.money)]
    return [Piece(part.start, _value(measure, part.seconds, part.units), part.money) for part in parts_of(loss)]


def _value(measure: Measure, seconds: float, units: float) -> float:
    return seconds / 60 if measure.of == "seconds" else units


def seen_of(day: Facts) -> float | None:
    """Share of the planned time that was seen, 0 to 1; None when nothing was planned."""
    if not day.has_states:
        return day.window.overlap(day.reported.start, day.reported.end) / day.window.seconds if day.reported else 0.0
    micro = totals(classify(day))
    planned = sum(micro.values()) - micro[TimeClass.planned_stop]
    return 1 - micro[TimeClass.unknown] / planned if planned else None


def whole_days(window: Window, zone: ZoneInfo) -> list[tuple[date, Window]]:
    """The plant's whole days in a window; one with a change of clocks has 23 or 25 hours."""
    whole = [day for day in local_days(zone, window) if window.start <= day.start and day.end <= window.end]
    return [(day.start.astimezone(zone).date(), day) for day in whole]


def _day(day: Window, on: date, pieces: Sequence[Piece], coverage: float) -> Day:
    here = [piece for piece in pieces if day.start <= piece.at < day.end]
    return Day(on, sum(piece.value for piece in here), float(sum(piece.money or 0 for piece in here)), coverage)
