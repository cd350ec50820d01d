"""What was measured at a machine, as rules look back over it: means of its quantities, samples of the laboratory."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mom.history.values import Means


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured quantity in means of five minutes, over days before the facts' window and in it."""

    tag: str
    name: str
    unit: str
    meaning: str  # signal, speed, energy
    equipment: str  # path
    means: "Means"
    low: float | None = None  # its normal range
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What the laboratory found: `place` is where the value lies between its limits, 0 at the low, 1 at the high one."""

    id: int
    at: datetime
    characteristic: str
    value: float
    place: float
    passed: bool
