"""What a loss costs is estimated when it is found, and told exactly when its line has been replayed (mom/money).

The row has the price; its figures keep the first estimate under `cost`, so that the same finding found again is known to
be the same. A priced loss that grows keeps its price in proportion, until it is priced again.
"""

from decimal import Decimal
from typing import Any

from mom.losses.loss import Finding, LossKind
from mom.models import Loss

CENT = Decimal("0.01")


def cents(money: Decimal | None) -> Decimal | None:
    return None if money is None else money.quantize(CENT)


def first_of(row: Loss) -> tuple[float, Decimal | None]:
    """Pieces and money as they were estimated when the loss was found."""
    first = (row.figures or {}).get("cost", {}).get("first")
    if first is None:
        return row.units, row.money
    return first["units"], None if first["money"] is None else Decimal(first["money"])


def keep_price(row: Loss, finding: Finding) -> dict[str, Any]:
    """Set pieces and money of a row from a finding; returns the figures it then has."""
    before, cost = first_of(row) if row.priced_at is not None else None, (row.figures or {}).get("cost")
    figures: dict[str, Any] = dict(finding.figures)
    if before is None or cost is None or row.money is None or finding.money is None:
        row.units, row.money = finding.units, cents(finding.money)
        row.money_low = row.money_high = row.priced_at = None
        return figures
    grown = _grown(row, finding, before[1])
    row.money, row.money_low, row.money_high = (
        None if amount is None else cents(amount * grown) for amount in (row.money, row.money_low, row.money_high)
    )
    row.units = finding.units if finding.kind == LossKind.scrap else row.units * float(grown)
    return figures | {"cost": {**cost, "first": first_estimate(finding.units, finding.money)}}


def first_estimate(units: float, money: Decimal | None) -> dict[str, Any]:
    return {"units": units, "money": None if money is None else str(cents(money))}


def _grown(row: Loss, finding: Finding, money: Decimal | None) -> Decimal:
    """The finding now against the finding that was priced: by its first estimate of money, else by its time."""
    if money and finding.money:
        return finding.money / money
    return Decimal(finding.seconds / row.seconds) if row.seconds > 0 else Decimal(1)
