"""A line's facts as a replay takes them: its stages in order, its orders."""

from dataclasses import dataclass

from mom.facts import Facts
from mom.flow.orders import OrderFact


class CannotReplay(Exception):
    """What the flow of a line lacks to be replayed, in words."""


@dataclass(frozen=True)
class LineFacts:
    """`stages`: the facts of the machines of each stage, in the order in which a piece passes them; the last may be
    shared with other lines, of whose standard flow this line has `shared` (1: it is not shared)."""

    path: str
    constraint: Facts
    stages: tuple[tuple[Facts, ...], ...]
    orders: tuple[OrderFact, ...] = ()
    shared: float = 1.0


def counted(line: LineFacts) -> tuple[Facts, ...]:
    """The last machines that work for this line alone."""
    return line.stages[-2] if line.shared < 1.0 and len(line.stages) > 1 else line.stages[-1]
