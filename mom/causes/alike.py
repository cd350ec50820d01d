"""Which stops are of the same sort as the loss."""

from mom.causes.cause import LossFact
from mom.facts import Facts, StopSpan


def stops_like(machine: Facts, loss: LossFact) -> list[StopSpan]:
    """The stops of the machine that have the loss's reason."""
    return [stop for stop in machine.stops if stop.reason == loss.reason]
