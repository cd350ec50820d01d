"""How much of a trouble lies in a window: a trouble that lasts for weeks is not this shift's loss alone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mom.facts import Window
from mom.losses.fold import part_from_json
from mom.models import Loss


@dataclass(frozen=True, slots=True)
class Share:
    """`money` is None where no rate is known."""

    seconds: float
    units: float
    money: Decimal | None


def share_in(loss: Loss, window: Window, now: datetime) -> Share:
    """The loss's parts (one a shift) whose shift began in `window`; of a single event, what overlaps it, by time."""
    if told := loss.figures.get("parts"):
        parts = [p for p in (part_from_json(part) for part in told) if window.start <= p.shift < window.end]
        priced = [p.money for p in parts if p.money is not None]
        return Share(
            sum(p.seconds for p in parts), sum(p.units for p in parts), sum(priced, Decimal(0)) if priced else None
        )
    end = loss.ended_at or now
    whole = (end - loss.started_at).total_seconds()
    part = window.overlap(loss.started_at, end) / whole if whole > 0 else 1.0
    money = None if loss.money is None else (loss.money * Decimal(part)).quantize(Decimal("0.01"))
    return Share(loss.seconds * part, loss.units * part, money)
