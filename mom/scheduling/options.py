"""When something upsets the schedule: two ways to go on, with their differences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from mom.scheduling.events import Event, upset
from mom.scheduling.plan import Plan, laid_out
from mom.scheduling.problem import Problem
from mom.scheduling.rules import RULES, dispatch
from mom.scheduling.score import Score, score
from mom.scheduling.solve import solve

KEPT, REPLANNED = "Keep the sequence", "Plan anew"
STEADY = timedelta(minutes=1)
"""An order that begins and ends within a minute of its plan has not moved."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way: `moves` are in the form that a schedule change is proposed in."""

    title: str
    plan: Plan
    score: Score
    moves: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "made_by": self.plan.how, "score": self.score.as_json(), "moves": list(self.moves)}


@dataclass(frozen=True, slots=True)
class Options:
    """One option when there is no other way. `difference`: the second's figures minus the first's, and in words."""

    event: str
    options: tuple[Option, ...]
    assumptions: tuple[str, ...]

    @property
    def difference(self) -> dict[str, float]:
        if len(self.options) < 2:
            return {}
        first, second = (option.score.as_json() for option in self.options)
        moved = len(self.options[1].moves) - len(self.options[0].moves)
        return {name: round(second[name] - first[name], 2) for name in first} | {"moved_orders": moved}

    @property
    def words(self) -> str:
        """What the second does better and worse than the first."""
        if not self.difference:
            return "There is no other way than to keep the sequence."
        named = {
            "late_orders": "late orders",
            "late_hours": "h late",
            "set_up_hours": "h of change-over",
            "money": "in money",
            "moved_orders": "orders moved",
        }
        told = [f"{self.difference[n]:+,.10g} {w}" for n, w in named.items() if self.difference[n]]
        return f"{self.options[1].title} against {self.options[0].title.lower()}: {', '.join(told) or 'no difference'}."

    def as_json(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "options": [option.as_json() for option in self.options],
            "difference": self.difference,
            "words": self.words,
            "assumptions": list(self.assumptions),
        }


def options(problem: Problem, current: Plan, event: Event, seconds: float = 3.0) -> Options:
    """Keep the sequence and let everything wait; or plan anew. Takes about `seconds`: call it in a thread.

    `current` is the plan before the event. Both options are valued at the problem's own costs, not the hurried ones.
    """
    changed = upset(problem, event)
    kept = laid_out(changed, _sequences(changed, current), KEPT.lower())
    anew = solve(changed, seconds, starts=(kept,))
    if anew.sequences == kept.sequences:
        anew = next((p for p in _others(changed) if p.sequences != kept.sequences), kept)
    plain = replace(changed, orders=tuple(_plain(problem, changed)))
    found = [_option(KEPT, plain, kept, current)]
    if anew is not kept:
        found.append(_option(REPLANNED, plain, anew, current))
    return Options(event.words(problem), tuple(found), problem.assumptions)


def _sequences(problem: Problem, current: Plan) -> dict[str, list[str]]:
    """The sequences as they are; an order without a place there, or on a line that may not make it, goes to an end."""
    kept: dict[str, list[str]] = {line.path: [] for line in problem.lines}
    for path, numbers in current.sequences.items():
        kept.setdefault(path, []).extend(n for n in numbers if path in problem.by_number[n].seconds)
    placed = {number for numbers in kept.values() for number in numbers}
    for order in problem.orders:
        if order.number not in placed:
            kept[min(order.seconds, key=lambda path: order.seconds[path])].append(order.number)
    return kept


def _others(problem: Problem) -> Sequence[Plan]:
    return sorted((dispatch(problem, rule) for rule in RULES), key=lambda plan: score(problem, plan).key)


def _plain(problem: Problem, changed: Problem) -> list[Any]:
    """Orders with their true due dates and costs, and the releases that the event left."""
    return [
        replace(o, due=problem.by_number[o.number].due, late_cost=problem.by_number[o.number].late_cost)
        for o in changed.orders
    ]


def _option(title: str, problem: Problem, plan: Plan, current: Plan) -> Option:
    return Option(title, plan, score(problem, plan), moves(plan, current))


def moves(plan: Plan, current: Plan) -> tuple[dict[str, Any], ...]:
    """The orders whose place differs from the current plan's, earliest first."""
    was = current.by_order
    found = []
    for place in sorted(plan.places, key=lambda p: (p.starts_at, p.line)):
        old = was.get(place.order)
        same = old is not None and old.line == place.line
        if same and old and abs(place.starts_at - old.starts_at) < STEADY and abs(place.ends_at - old.ends_at) < STEADY:
            continue
        times = {"starts_at": place.starts_at.isoformat(), "ends_at": place.ends_at.isoformat()}
        found.append({"order": place.order, "line": place.line, **times})
    return tuple(found)
