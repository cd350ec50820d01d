"""What it would bring to speed a machine up: the line replayed from what was observed, with that machine faster."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mom.facts import ProductFact
from mom.flow.observed import Observed
from mom.flow.replay import Stage, replay
from mom.flow.steps import constant, mean_of

FASTER = 0.05
"""By so much a machine is taken to be faster where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Relief:
    """Good pieces more in the window, the time of the line that they are, and their margin."""

    path: str
    faster: float
    units: float
    seconds: float
    money: Decimal


def relief_of(
    observed: Observed, path: str, products: Mapping[str, ProductFact], faster: float = FASTER
) -> Relief | None:
    """None where the machine is none of the line."""
    index = observed.stage_of(path)
    if index is None:
        return None
    stages = list(observed.stages)
    stages[index] = _faster(observed, index, path, faster)
    batches = observed.batches
    lived = replay(stages, batches, observed.portion, observed.until)
    gained = lived.made(observed.until), observed.base.made(observed.until)
    units = seconds = 0.0
    money = Decimal(0)
    for number, batch in enumerate(batches):
        more = float(gained[0][lived.batch == number].sum() - gained[1][observed.base.batch == number].sum())
        units += more
        seconds += more * max(batch.pace)
        product = products.get(batch.product or "")
        money += Decimal(more) * product.margin if product else Decimal(0)
    return Relief(path, faster, max(0.0, units), max(0.0, seconds), max(Decimal(0), money))


def _faster(observed: Observed, index: int, path: str, faster: float) -> Stage:
    """The stage with one of its machines faster, by what it does of the stage's work."""
    parts = []
    for unit, standard in observed.weights[index].items():
        known = standard.y[standard.y > 0]
        share = observed.machines[unit].share
        weight = float(known.mean()) if len(known) else 1e-9
        parts.append((weight, share.times(constant(1 + faster)) if unit == path else share))
    return replace(observed.stages[index], share=mean_of(parts).short())
