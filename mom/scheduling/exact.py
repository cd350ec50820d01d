"""The constraint model: each order on one line, lines as circuits through their orders, time in minutes of work."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from typing import Any

from ortools.sat.python import cp_model

from mom.scheduling.plan import Plan, laid_out
from mom.scheduling.problem import DAY, Line, Order, Problem

WORKERS = 2
MINUTE = 60.0
CENTS = 100


@dataclass(slots=True)
class _Model:
    """Variables by (order, line). Times count the line's own worked minutes, so that closed time does not exist."""

    cp: Any
    ends: dict[tuple[int, str], Any] = field(default_factory=dict)
    present: dict[tuple[int, str], Any] = field(default_factory=dict)
    next: dict[tuple[str, int, int], Any] = field(default_factory=dict)  # order after order on a line; -1: none
    cost: list[Any] = field(default_factory=list)


def improved(problem: Problem, first: Plan, seconds: float) -> Plan | None:
    """A plan found from `first` within the time; None when nothing was found."""
    model = _Model(cp_model.CpModel())
    horizons = {line.path: _horizon(problem, line) for line in problem.lines}
    for i, order in enumerate(problem.orders):
        _add_order(model, problem, i, order, horizons)
    for line in problem.lines:
        _add_line(model, problem, line)
    model.cp.minimize(sum(model.cost))
    _hint(model, problem, first)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return laid_out(problem, _sequences(model, problem, solver), "solver")


def _horizon(problem: Problem, line: Line) -> int:
    """More minutes than the worst sequence needs."""
    longest = max((rule.seconds for rule in problem.set_ups if rule.line == line.path), default=0.0)
    work = sum(order.seconds.get(line.path, 0.0) + longest for order in problem.orders)
    latest = max((line.worked(order.release) for order in problem.orders if order.release), default=0.0)
    return ceil((line.worked(problem.start) + work + latest) / MINUTE) + len(problem.orders) + 1


def _add_order(model: _Model, problem: Problem, i: int, order: Order, horizons: dict[str, int]) -> None:
    cp = model.cp
    for path, seconds in order.seconds.items():
        line, run = problem.by_path[path], ceil(seconds / MINUTE)
        released = ceil(line.worked(order.release) / MINUTE) if order.release else 0
        end = cp.new_int_var(released + run, horizons[path], f"end {i} {path}")
        here = cp.new_bool_var(f"here {i} {path}")
        model.ends[i, path], model.present[i, path] = end, here
        _add_lateness(model, line, order, end, here, horizons[path])
    cp.add_exactly_one(model.present[i, path] for path in order.seconds)


def _add_lateness(model: _Model, line: Line, order: Order, end: Any, here: Any, horizon: int) -> None:
    """Lateness in worked minutes; between two shifts a minute of work stands for more of the calendar's."""
    done = model.cp.new_int_var(0, horizon, "")
    model.cp.add(done >= end).only_enforce_if(here)
    model.cost.append(done)  # a hundredth of a cent a minute: of two that are equal, the earlier
    if order.due is None:
        return
    late = model.cp.new_int_var(0, horizon, "")
    model.cp.add(late >= end - int(line.worked(order.due) // MINUTE)).only_enforce_if(here)
    stretch = (line.open[-1].end - line.open[0].start).total_seconds() / line.capacity
    model.cost.append(ceil(max(order.late_cost, 1.0) / DAY * MINUTE * stretch * CENTS * 100) * late)


def _add_line(model: _Model, problem: Problem, line: Line) -> None:
    """One circuit from the line's present state through its orders and back; an order made elsewhere loops."""
    cp, arcs = model.cp, []
    here = [i for i, order in enumerate(problem.orders) if line.path in order.seconds]
    free = ceil(line.worked(problem.start) / MINUTE)
    empty = cp.new_bool_var("")
    arcs.append((0, 0, empty))
    for i in here:
        arcs.append((i + 1, i + 1, ~model.present[i, line.path]))
        cp.add_implication(empty, ~model.present[i, line.path])
        last = cp.new_bool_var("")
        arcs.append((i + 1, 0, last))
        for before in [-1, *(j for j in here if j != i)]:
            arc = cp.new_bool_var("")
            model.next[line.path, before, i] = arc
            arcs.append((before + 1, i + 1, arc))
            _add_follows(model, problem, line, before, i, arc, free)
    cp.add_circuit(arcs)


def _add_follows(model: _Model, problem: Problem, line: Line, before: int, i: int, arc: Any, free: int) -> None:
    order = problem.orders[i]
    product = line.product if before < 0 else problem.orders[before].product
    set_up = problem.set_up(line.path, product, order.product)
    run = ceil(order.seconds[line.path] / MINUTE)
    earlier = free if before < 0 else model.ends[before, line.path]
    model.cp.add(model.ends[i, line.path] >= earlier + ceil(set_up / MINUTE) + run).only_enforce_if(arc)
    if set_up:
        model.cost.append(ceil(set_up / 3600 * line.hour_cost * CENTS * 100) * arc)


def _hint(model: _Model, problem: Problem, first: Plan) -> None:
    index = {order.number: i for i, order in enumerate(problem.orders)}
    following = set()
    for path, numbers in first.sequences.items():
        chain = [-1, *(index[number] for number in numbers)]
        following |= {(path, before, after) for before, after in pairwise(chain)}
    for key, arc in model.next.items():
        model.cp.add_hint(arc, key in following)
    for (i, path), here in model.present.items():
        place = first.by_order[problem.orders[i].number]
        model.cp.add_hint(here, place.line == path)
        if place.line == path:
            worked = ceil(problem.by_path[path].worked(place.ends_at) / MINUTE)
            model.cp.add_hint(model.ends[i, path], worked)


def _sequences(model: _Model, problem: Problem, solver: Any) -> dict[str, list[str]]:
    """Follow each circuit."""
    chosen = {(path, before): i for (path, before, i), arc in model.next.items() if solver.boolean_value(arc)}
    found: dict[str, list[str]] = {}
    for line in problem.lines:
        at = -1
        while (line.path, at) in chosen:
            at = chosen[line.path, at]
            found.setdefault(line.path, []).append(problem.orders[at].number)
    return found
