"""How much of a trouble lies in a window: a trouble that lasts for weeks is not this shift's loss alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from mom.facts import Window
from mom.losses.fold import Part, part_from_json
from mom.losses.priced import cents
from mom.models import Loss


@dataclass(frozen=True, slots=True)
class Share:
    """`money` is None where no rate is known, `low` and `high` (90 % interval) where it has not been priced yet."""

    seconds: float
    units: float
    money: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None

    def __bool__(self) -> bool:
        """Whether anything was lost: scrap before the constraint costs no time of the line, energy money alone."""
        return self.seconds > 0 or self.units > 0 or bool(self.money)


def whole_of(loss: Loss) -> Share:
    return Share(loss.seconds, loss.units, loss.money, loss.money_low, loss.money_high)


def share_in(loss: Loss, window: Window, now: datetime) -> Share:
    """The loss's parts (one a shift) that begin in `window`; of a single event, what overlaps it, by time."""
    if loss.figures.get("parts"):
        parts = [part for part in parts_of(loss) if window.start <= part.start < window.end]
        money = _priced([part.money for part in parts])
        share = money / loss.money if money is not None and loss.money else Decimal(len(parts) > 0)
        return _share(loss, sum(p.seconds for p in parts), sum(p.units for p in parts), money, share)
    end = loss.ended_at or now
    whole = (end - loss.started_at).total_seconds()
    part = window.overlap(loss.started_at, end) / whole if whole > 0 else 1.0
    money = None if loss.money is None else cents(loss.money * Decimal(part))
    return _share(loss, loss.seconds * part, loss.units * part, money, Decimal(part))


def parts_of(loss: Loss) -> list[Part]:
    """The parts of a joined trouble with what they cost: the price of the whole, divided as it was first estimated."""
    parts = [part_from_json(part) for part in loss.figures.get("parts", ())]
    if not parts or loss.priced_at is None or loss.money is None:
        return parts
    money, units = _shares(parts)
    return [
        replace(part, money=cents(loss.money * money[i]), units=loss.units * float(units[i]))
        for i, part in enumerate(parts)
    ]


def _shares(parts: Sequence[Part]) -> tuple[list[Decimal], list[Decimal]]:
    """Each part's share of money and pieces, as first estimated; by time where nothing was."""
    seconds = _normed([Decimal(part.seconds) for part in parts]) or [Decimal(1) / len(parts)] * len(parts)
    money = _normed([part.money or Decimal(0) for part in parts]) or seconds
    return money, _normed([Decimal(part.units) for part in parts]) or seconds


def _normed(amounts: Sequence[Decimal]) -> list[Decimal]:
    total = sum(amounts, Decimal(0))
    return [amount / total for amount in amounts] if total > 0 else []


def _share(loss: Loss, seconds: float, units: float, money: Decimal | None, share: Decimal) -> Share:
    low, high = (None if amount is None else cents(amount * share) for amount in (loss.money_low, loss.money_high))
    return Share(seconds, units, money, low, high)


def _priced(money: Sequence[Decimal | None]) -> Decimal | None:
    """Their sum; None when one of them is not known."""
    known = [amount for amount in money if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(money) else None
