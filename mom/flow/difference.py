"""What a line would have made besides without a trouble, and what that is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mom.facts import ProductFact
from mom.flow.observed import Observed
from mom.flow.replay import Batch, Passed, replay
from mom.flow.without import Taken, without

Floats = NDArray[np.float64]
DAY = 86400.0


@dataclass(frozen=True)
class Difference:
    """`units`: good pieces more by the end of the window; `seconds`: their time at the line's rate; `scrap`: pieces of
    scrap less; `late_seconds`: of orders, less. Money: `margin` of the pieces, `material` of the scrap, `late`;
    `set_ups`: change-overs that would be done by then and are not, at what the line's time is worth."""

    units: float
    seconds: float
    scrap: float
    late_seconds: float
    margin: Decimal
    material: Decimal
    late: Decimal
    set_ups: Decimal = Decimal(0)

    @property
    def money(self) -> Decimal:
        return self.margin + self.material + self.late + self.set_ups

    def plus(self, other: "Difference", share: float = 1.0) -> "Difference":
        """Both together, of the other one a share."""
        part = Decimal(share)
        return Difference(
            self.units + share * other.units,
            self.seconds + share * other.seconds,
            self.scrap + share * other.scrap,
            self.late_seconds + share * other.late_seconds,
            self.margin + part * other.margin,
            self.material + part * other.material,
            self.late + part * other.late,
            self.set_ups + part * other.set_ups,
        )


NOTHING = Difference(0.0, 0.0, 0.0, 0.0, Decimal(0), Decimal(0), Decimal(0))


def difference(
    observed: Observed, taken: Taken, products: Mapping[str, ProductFact], late_day: Decimal, until: float | None = None
) -> Difference | None:
    """`late_day`: what an order costs that is a day late. `until`: the working second at which it is told, default: up to
    which the line was seen. None where the machine is none of the line."""
    other = without(observed, taken)
    if other is None:
        return None
    end = observed.until if until is None else until
    begins = min((observed.clock.at(w.start) for w in taken.spans()), default=end)
    if begins >= end:
        return NOTHING
    same = _same(observed, other.batches, begins)
    lived = replay(other.stages, other.batches, observed.portion, end, observed.base, same)
    before = _made(observed.base, observed.batches, end, observed.slowest)
    after = _made(lived, other.batches, end, observed.slowest)
    late = _late(observed, observed.base, end) - _late(observed, lived, end)
    sooner = _set_up(lived, other.batches, other.batches, end)
    sooner -= _set_up(observed.base, observed.batches, other.batches, end)
    found = _worth(observed.batches, before, after, products, late, late_day)
    worth = Decimal(sooner) * line_second(observed, products)
    return replace(found, seconds=found.seconds + sooner, set_ups=worth)


def _same(observed: Observed, batches: Sequence[Batch], begins: float) -> int:
    """Portions that left the line before anything is different."""
    base = observed.base
    before = int(np.searchsorted(base.at[:, -1], begins))
    other = next((i for i, (a, b) in enumerate(zip(observed.batches, batches, strict=True)) if a != b), None)
    return before if other is None else min(before, int(np.searchsorted(base.batch, other)))


def line_second(observed: Observed, products: Mapping[str, ProductFact]) -> Decimal:
    """What a second of the line is worth at its pace: the margin of what was run, by the time that it took."""
    margin = seconds = 0.0
    for batch in observed.batches[: len(observed.starts)]:
        product = products.get(batch.product or "")
        if product is None:
            continue
        margin += batch.weight * float(product.margin)
        seconds += batch.weight * max(batch.pace)
    return Decimal(margin / seconds) if seconds > 0 else Decimal(0)


def _worth(
    batches: Sequence[Batch],
    before: tuple[Floats, Floats],
    after: tuple[Floats, Floats],
    products: Mapping[str, ProductFact],
    late: float,
    late_day: Decimal,
) -> Difference:
    more, less = after[0] - before[0], before[1] - after[1]
    margin = material = Decimal(0)
    for i, batch in enumerate(batches):
        product = products.get(batch.product or "")
        if product is not None:
            margin += Decimal(float(more[i])) * product.margin
            material += Decimal(float(less[i])) * product.material_cost
    seconds = sum(float(more[i]) * max(batch.pace) for i, batch in enumerate(batches))
    return Difference(
        float(more.sum()), seconds, float(less.sum()), late, margin, material, Decimal(late / DAY) * late_day
    )


def _set_up(lived: Passed, batches: Sequence[Batch], usual: Sequence[Batch], until: float) -> float:
    """Seconds of change-over done by `until`, at their length in `usual`; of one that is on the part."""
    seconds, before = 0.0, 0.0
    for i, batch in enumerate(batches):
        begins = max(before, batch.begins)
        before = lived.finished(i)
        if batch.set_up > 0 and begins < until:
            seconds += usual[i].set_up * min(1.0, (until - begins) / batch.set_up)
    return seconds


def _made(lived: Passed, batches: Sequence[Batch], until: float, stage: int) -> tuple[Floats, Floats]:
    """Good pieces and scrap by batch, of what had passed this stage by `until`."""
    good = np.bincount(lived.batch, weights=lived.made(until, stage), minlength=len(batches)).astype(float)
    kept = np.array([float(np.prod(batch.keeps)) for batch in batches])
    return good, good * (1 / np.maximum(kept, 1e-3) - 1)


def _late(observed: Observed, lived: Passed, until: float) -> float:
    """Seconds by which orders that were due before `until` are late by then."""
    end = observed.clock.moment(until)
    due = {o.key: o.due.timestamp() for o in observed.line.orders if o.due is not None and o.due.timestamp() < end}
    seconds = 0.0
    for i, batch in enumerate(observed.batches):
        if batch.order in due:
            at = lived.finished(i)
            done = observed.clock.moment(at) if at < until else end
            seconds += max(0.0, done - due[batch.order])
    return seconds
