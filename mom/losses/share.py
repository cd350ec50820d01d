"""What of a loss fell into a window: of a trouble that goes on for weeks, its parts there; of one event, by its time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mom.facts import Window
from mom.models import Loss


@dataclass(frozen=True, slots=True)
class Share:
    seconds: float
    units: float
    money: Decimal | None


def share(loss: Loss, window: Window, now: datetime) -> Share | None:
    """None: nothing of it fell into the window. A pattern's part counts where it began."""
    parts: Sequence[Mapping[str, Any]] = loss.figures.get("parts", ())
    if parts:
        inside = [part for part in parts if window.start <= datetime.fromisoformat(part["from"]) < window.end]
        return _sum(inside) if inside else None
    end = loss.ended_at or now
    if window.overlap(loss.started_at, end) <= 0 and not window.start <= loss.started_at < window.end:
        return None
    whole = (end - loss.started_at).total_seconds()
    portion = window.overlap(loss.started_at, end) / whole if whole > 0 else 1.0
    money = None if loss.money is None else (loss.money * Decimal(str(portion))).quantize(Decimal("0.01"))
    return Share(loss.seconds * portion, loss.units * portion, money)


def _sum(parts: Sequence[Mapping[str, Any]]) -> Share:
    money = [part["money"] for part in parts]
    total = None if None in money else sum((Decimal(m) for m in money), Decimal(0))
    return Share(sum(part["seconds"] for part in parts), sum(part["units"] for part in parts), total)
