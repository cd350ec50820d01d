"""How far a stated cost may be from the true one: bands that were calibrated on simulated plants whose truth is known.

A band is told in units of the cost itself plus three minutes of the line: `low` and `high` of
(true - stated) / (stated + three minutes), the 4 % and 96 % quantiles (split conformal prediction: Vovk, Gammerman and
Shafer 2005, "Algorithmic learning in a random world"), by method and kind of loss.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("bands.yaml")
MINUTES = Decimal(180)
"""Seconds of the line that are added to a cost before its band is taken: a cost of nothing has one too."""
ANY = "any"
"""The kind whose band is taken where a kind was seen too seldom."""


@dataclass(frozen=True)
class Band:
    low: float
    high: float
    troubles: int = 0  # on which it was calibrated


@cache
def bands() -> Mapping[str, Mapping[str, Band]]:
    """By method and kind. A method with too few known truths is not there: its costs have no interval."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))["bands"]
    return {method: {kind: Band(**band) for kind, band in kinds.items()} for method, kinds in told.items()}


def scale_of(money: Decimal, line_second: Decimal) -> Decimal:
    """What a residual is measured in."""
    return money + MINUTES * line_second


def interval(money: Decimal, line_second: Decimal, method: str, kind: str) -> tuple[Decimal, Decimal] | None:
    """The 90 % interval of what it cost, never under nothing; None: too few costs reckoned this way have a known truth."""
    known = bands().get(method)
    if known is None:
        return None
    band = known.get(kind, known[ANY])
    scale = scale_of(money, line_second)
    low, high = money + Decimal(band.low) * scale, money + Decimal(band.high) * scale
    return max(Decimal(0), min(low, money)), max(high, money)
