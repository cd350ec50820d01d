"""What a line would have made besides without a trouble, and what that is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from mom.facts import ProductFact
from mom.flow.observed import Observed
from mom.flow.orders import OrderFact
from mom.flow.replay import Batch, Passed, replay
from mom.flow.without import Taken, without

DAY = 86400.0


@dataclass(frozen=True)
class Rates:
    """What things cost, in the plant's currency."""

    late_day: Decimal = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """`units`: good pieces more by the end of the window; `seconds`: their time at the line's rate; `scrap`: pieces of
    scrap less; `late_seconds`: of orders, less. Money: `margin` of the pieces, `material` of the scrap, `late`."""

    units: float
    seconds: float
    scrap: float
    late_seconds: float
    margin: Decimal
    material: Decimal
    late: Decimal

    @property
    def money(self) -> Decimal:
        return self.margin + self.material + self.late

    def plus(self, other: "Difference") -> "Difference":
        mine, its = self.__reduced(), other.__reduced()
        return Difference(*(a + b for a, b in zip(mine, its, strict=True)))  # type: ignore[operator, arg-type]

    def __reduced(self) -> tuple[float | Decimal, ...]:
        return (self.units, self.seconds, self.scrap, self.late_seconds, self.margin, self.material, self.late)


NOTHING = Difference(0.0, 0.0, 0.0, 0.0, Decimal(0), Decimal(0), Decimal(0))


def difference(
    observed: Observed, taken: Taken, products: Mapping[str, ProductFact], rates: Rates
) -> Difference | None:
    """None where the machine is none of the line."""
    other = without(observed, taken)
    if other is None:
        return None
    begins = min((observed.clock.at(w.start) for w in taken.spans()), default=observed.until)
    if begins >= observed.until:
        return NOTHING
    lived = replay(other.stages, other.batches, observed.portion, observed.until)
    return _worth(observed, lived, other.batches, products, rates)


def _worth(
    observed: Observed,
    lived: Passed,
    batches: tuple[Batch, ...],
    products: Mapping[str, ProductFact],
    rates: Rates,
) -> Difference:
    before, after = _made(observed, observed.base, observed.batches), _made(observed, lived, batches)
    units = after[0] - before[0]
    margin = material = Decimal(0)
    seconds = 0.0
    for i, batch in enumerate(batches):
        product = products.get(batch.product or "")
        more, less = float(units[i]), float(before[1][i] - after[1][i])
        seconds += more * max(batch.pace)
        if product is not None:
            margin += Decimal(more) * product.margin
            material += Decimal(less) * product.material_cost
    late = _late(observed, observed.base, batches) - _late(observed, lived, batches)
    return Difference(
        float(units.sum()), seconds, float((before[1] - after[1]).sum()), late, margin, material,
        Decimal(late / DAY) * rates.late_day,
    )  # fmt: skip


def _made(
    observed: Observed, lived: Passed, batches: tuple[Batch, ...]
) -> tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    """Good pieces and scrap by batch, up to the window's end."""
    made = lived.made(observed.until)
    good = np.bincount(lived.batch, weights=made, minlength=len(batches)).astype(float)
    scrap = np.zeros(len(batches))
    for i, batch in enumerate(batches):
        kept = float(np.prod(batch.keeps))
        scrap[i] = good[i] * (1 / kept - 1) if kept > 0 else 0.0
    return good, scrap


def _late(observed: Observed, lived: Passed, batches: tuple[Batch, ...]) -> float:
    """Seconds by which orders that were due in the window were late; what is not done by its end is late until then."""
    due = {order.key: order for order in observed.line.orders if _counts(observed, order)}
    end = observed.line.constraint.window.end.timestamp()
    seconds = 0.0
    for i, batch in enumerate(batches):
        order = due.pop(batch.order or "", None)
        if order is None or order.due is None:
            continue
        at = lived.finished(i)
        done = observed.clock.moment(at) if _whole(lived, i, batch, at, observed) else end
        seconds += max(0.0, min(done, end) - order.due.timestamp())
    return seconds


def _counts(observed: Observed, order: OrderFact) -> bool:
    return order.due is not None and order.due < observed.line.constraint.window.end


def _whole(lived: Passed, index: int, batch: Batch, at: float, observed: Observed) -> bool:
    """Whether the batch is through before the window's end."""
    return at < observed.until and bool((lived.batch == index).any())


def moment(observed: Observed, second: float) -> datetime:
    return datetime.fromtimestamp(observed.clock.moment(second), UTC)
