"""What energy cost: the meter tells the kWh, the plant file their price. No replay, no band: the interval is the norm's own."""

from decimal import Decimal
from typing import Any

from mom.losses.loss import LossKind
from mom.losses.priced import cents, first_estimate
from mom.models import Loss


def metered(loss: Loss) -> dict[str, Any]:
    """Columns of an energy loss with its 90 % interval; of any other loss none."""
    figures = dict(loss.figures or {})
    kwh = Decimal(figures.get("kwh", 0.0))
    if loss.kind != LossKind.energy or loss.money is None or not kwh:
        return {}
    price = loss.money / kwh
    low, high = (Decimal(figures[name]) * price for name in ("kwh_low", "kwh_high"))
    cost = {"by": "meter", "lost_second": 0.0, "first": first_estimate(loss.units, loss.money)}
    return {"money_low": cents(low), "money_high": cents(high), "figures": figures | {"cost": cost}}
