"""What upsets a schedule, and the problem as it is then. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mom.errors import NotFound
from mom.facts import Window
from mom.scheduling.problem import Order, Problem

URGENT = 100.0
"""How many times dearer it becomes when an order that is hurried is late."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A line stands until a moment."""

    line: str
    until: datetime

    def words(self, problem: Problem) -> str:
        return f"{problem.by_path[self.line].name} stands"


@dataclass(frozen=True, slots=True)
class LateMaterial:
    """Orders that cannot begin before their material is there."""

    orders: tuple[str, ...]
    until: datetime

    def words(self, problem: Problem) -> str:
        return f"Material of {', '.join(self.orders)} comes late"


@dataclass(frozen=True, slots=True)
class Hurry:
    """An order that should be done first, on a certain line where one is named."""

    order: str
    line: str | None = None

    def words(self, problem: Problem) -> str:
        where = f" on {problem.by_path[self.line].name}" if self.line else ""
        return f"Order {self.order} should come first{where}"


Event = Breakdown | LateMaterial | Hurry


def upset(problem: Problem, event: Event) -> Problem:
    """The problem with the event in it. NotFound names a line or order that is not in it."""
    match event:
        case Breakdown():
            if event.line not in problem.by_path:
                raise NotFound(f"There is no line {event.line} in the schedule.", remedy=_known(problem.by_path))
            down = Window(problem.start, max(event.until, problem.start))
            lines = tuple(line.without(down) if line.path == event.line else line for line in problem.lines)
            return replace(problem, lines=lines)
        case LateMaterial():
            _need(problem, *event.orders)
            return replace(problem, orders=tuple(_delayed(o, event) for o in problem.orders))
        case Hurry():
            _need(problem, event.order)
            return replace(problem, orders=tuple(_hurried(problem, o.number, event) for o in problem.orders))


def _delayed(order: Order, event: LateMaterial) -> Order:
    if order.number not in event.orders:
        return order
    return replace(order, release=max(order.release or event.until, event.until))


def _hurried(problem: Problem, number: str, event: Hurry) -> Order:
    order = problem.by_number[number]
    if number != event.order:
        return order
    seconds = order.seconds
    if event.line is not None:
        if event.line not in seconds:
            raise NotFound(f"{event.line} cannot make order {number}.", remedy=_known(seconds))
        seconds = {event.line: seconds[event.line]}
    return replace(order, seconds=seconds, due=problem.start, late_cost=max(order.late_cost, 1.0) * URGENT)


def _need(problem: Problem, *numbers: str) -> None:
    for number in numbers:
        if number not in problem.by_number:
            raise NotFound(f"Order {number} cannot be moved, or there is none.", remedy=_known(problem.by_number))


def _known(names: Iterable[str]) -> str:
    return f"There are: {', '.join(sorted(names)[:20]) or 'none'}."
