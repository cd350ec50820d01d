"""How much of a trouble lies in a window: a trouble that lasts for weeks is not this shift's loss alone."""

from collections.abc import Sequence
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

    def __bool__(self) -> bool:
        """Whether anything was lost: scrap before the constraint costs no time of the line."""
        return self.seconds > 0 or self.units > 0


def share_in(loss: Loss, window: Window, now: datetime) -> Share:
    """The loss's parts (one a shift) that begin in `window`; of a single event, what overlaps it, by time."""
    if told := loss.figures.get("parts"):
        parts = [p for p in (part_from_json(part) for part in told) if window.start <= p.start < window.end]
        return Share(sum(p.seconds for p in parts), sum(p.units for p in parts), _priced([p.money for p in parts]))
    end = loss.ended_at or now
    whole = (end - loss.started_at).total_seconds()
    part = window.overlap(loss.started_at, end) / whole if whole > 0 else 1.0
    money = None if loss.money is None else (loss.money * Decimal(part)).quantize(Decimal("0.01"))
    return Share(loss.seconds * part, loss.units * part, money)


def _priced(money: Sequence[Decimal | None]) -> Decimal | None:
    """Their sum; None when one of them is not known."""
    known = [amount for amount in money if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(money) else None
