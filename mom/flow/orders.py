"""The orders of a line as batches: those that were run as they were run, those to come as they are planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median


@dataclass(frozen=True)
class OrderFact:
    """What the planning system says of an order. `planned`: when it is to begin."""

    key: str
    product: str | None
    quantity: float
    due: datetime | None = None
    release: datetime | None = None
    planned: datetime | None = None
    done: bool = False

    @property
    def place(self) -> tuple[float, str]:
        """Where it stands in the sequence."""
        at = self.planned or self.release or self.due
        return (at.timestamp() if at else float("inf")), self.key


def feed_ratio(fed: Sequence[tuple[float, float]]) -> float:
    """Pieces that an order takes in for each that was ordered, as orders that are done show: (taken in, ordered)."""
    shares = [taken / ordered for taken, ordered in fed if ordered > 0 and 0.8 < taken / ordered < 1.25]
    return median(shares) if shares else 1.0


def to_come(orders: Sequence[OrderFact], begun: Sequence[str | None]) -> list[OrderFact]:
    """The orders that were not begun, in the sequence in which they are planned."""
    return sorted((o for o in orders if o.key not in begun and not o.done), key=lambda o: o.place)
