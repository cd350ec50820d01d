"""Dispatch rules: simple ways to plan that people know. The solver starts from the best and must not be worse."""

from collections.abc import Callable
from datetime import UTC, datetime

from mom.scheduling.plan import Cursor, Place, Plan
from mom.scheduling.problem import Order, Problem

NEVER = datetime.max.replace(tzinfo=UTC)
Key = Callable[[Problem, Cursor, Order], tuple[float, ...]]


def _due(problem: Problem, cursor: Cursor, order: Order) -> float:
    return ((order.due or NEVER) - problem.start).total_seconds()


def _earliest_due(problem: Problem, cursor: Cursor, order: Order) -> tuple[float, ...]:
    return (_due(problem, cursor, order),)


def _shortest(problem: Problem, cursor: Cursor, order: Order) -> tuple[float, ...]:
    return (order.seconds[cursor.line.path],)


def _least_slack(problem: Problem, cursor: Cursor, order: Order) -> tuple[float, ...]:
    return (_due(problem, cursor, order) - order.seconds[cursor.line.path],)


def _least_set_up(problem: Problem, cursor: Cursor, order: Order) -> tuple[float, ...]:
    set_up = problem.set_up(cursor.line.path, cursor.product, order.product)
    return set_up, _due(problem, cursor, order)


def _due_and_set_up(problem: Problem, cursor: Cursor, order: Order) -> tuple[float, ...]:
    """Apparent urgency: due date, put back by three times the change-over that it would take."""
    set_up = problem.set_up(cursor.line.path, cursor.product, order.product)
    return (_due(problem, cursor, order) + 3 * set_up,)


RULES: dict[str, Key] = {
    "earliest due date": _earliest_due,
    "shortest first": _shortest,
    "least slack": _least_slack,
    "least set-up": _least_set_up,
    "due date and set-up": _due_and_set_up,
}


def dispatch(problem: Problem, rule: str) -> Plan:
    """Whenever a line is free, it takes the order that the rule prefers of those that end soonest there."""
    key = RULES[rule]
    cursors = [Cursor.of(problem, line.path) for line in problem.lines]
    waiting = list(problem.orders)
    places: list[Place] = []
    while waiting:
        cursor, order = _next(problem, cursors, waiting, key)
        waiting.remove(order)
        places.append(cursor.put(problem, order))
    return Plan(tuple(places), rule)


def _next(problem: Problem, cursors: list[Cursor], waiting: list[Order], key: Key) -> tuple[Cursor, Order]:
    """The line that is free first and its preferred order, unless another line would end that one sooner."""
    able = [c for c in cursors if any(c.line.path in order.seconds for order in waiting)]
    cursor = min(able, key=lambda c: c.line.moment(c.at, start=True))
    order = min(
        (o for o in waiting if cursor.line.path in o.seconds), key=lambda o: (*key(problem, cursor, o), o.number)
    )
    return min((c for c in able if c.line.path in order.seconds), key=lambda c: _end(problem, c, order)), order


def _end(problem: Problem, cursor: Cursor, order: Order) -> datetime:
    return cursor.line.moment(cursor.times(problem, order)[2], start=False)
