"""The best plan within a time limit: CP-SAT, started from the best dispatch rule, never worse than it."""

from collections.abc import Sequence

from mom.scheduling.plan import Plan
from mom.scheduling.problem import Problem
from mom.scheduling.rules import RULES, dispatch
from mom.scheduling.score import best

MOST_ORDERS = 150
"""Beyond so many, change-overs between all pairs are too many for a first answer in seconds: the best rule stands."""


def solve(problem: Problem, seconds: float = 3.0, *, starts: Sequence[Plan] = ()) -> Plan:
    """Takes about `seconds` on two cores: call it in a thread. `starts`: other plans to begin from."""
    if not problem.orders:
        return Plan((), "nothing to plan")
    first = best(problem, [*starts, *(dispatch(problem, rule) for rule in RULES)])
    if len(problem.orders) > MOST_ORDERS or seconds <= 0:
        return first
    from mom.scheduling.exact import improved  # loads the solver, which takes a second

    found = improved(problem, first, seconds)
    return best(problem, [first, found]) if found else first
