"""The limits that a product's specification sets to a characteristic: at least one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mom.errors import BadInput


@dataclass(frozen=True, slots=True)
class Limits:
    """`low`, `high`: LSL and USL, in the characteristic's unit; None: no limit on that side."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise BadInput("Neither a low nor a high limit is given.", remedy="Give at least one of them.")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise BadInput(f"The low limit ({self.low:g}) is not below the high one ({self.high:g}).")

    @property
    def width(self) -> float | None:
        """USL - LSL; None where one is missing."""
        return None if self.low is None or self.high is None else self.high - self.low

    def outside(self, values: Sequence[float]) -> int:
        """How many values lie beyond a limit."""
        below = [v for v in values if self.low is not None and v < self.low]
        return len(below) + len([v for v in values if self.high is not None and v > self.high])
