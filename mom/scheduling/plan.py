"""A plan: each order's place; and how a sequence of orders on lines becomes one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mom.scheduling.problem import Line, Order, Problem


@dataclass(frozen=True, slots=True)
class Place:
    """An order on a line: set-up from `starts_at`, its first piece at `runs_from`, its last at `ends_at`."""

    order: str
    line: str
    starts_at: datetime
    runs_from: datetime
    ends_at: datetime
    set_up_seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`how`: what made it, a rule's name or the solver."""

    places: tuple[Place, ...]
    how: str

    @property
    def by_order(self) -> dict[str, Place]:
        return {place.order: place for place in self.places}

    @property
    def sequences(self) -> dict[str, list[str]]:
        """Orders by line, in the order in which they run."""
        found: dict[str, list[str]] = {}
        for place in sorted(self.places, key=lambda p: p.starts_at):
            found.setdefault(place.line, []).append(place.order)
        return found


@dataclass(slots=True)
class Cursor:
    """Where a line stands while a plan is laid out: worked seconds used, and what it is set up for."""

    line: Line
    at: float
    product: str | None

    @classmethod
    def of(cls, problem: Problem, path: str) -> "Cursor":
        line = problem.by_path[path]
        return cls(line, line.worked(problem.start), line.product)

    def times(self, problem: Problem, order: Order) -> tuple[float, float, float]:
        """Worked seconds at which set-up, run and end would be, were the order next."""
        set_up = problem.set_up(self.line.path, self.product, order.product)
        released = self.line.worked(order.release) if order.release else 0.0
        runs = max(self.at + set_up, released)
        return runs - set_up, runs, runs + order.seconds[self.line.path]

    def put(self, problem: Problem, order: Order) -> Place:
        start, runs, end = self.times(problem, order)
        self.at, self.product = end, order.product
        return Place(
            order.number,
            self.line.path,
            self.line.moment(start, start=True),
            self.line.moment(runs, start=True),
            self.line.moment(end, start=False),
            runs - start,
        )


def laid_out(problem: Problem, sequences: Mapping[str, Sequence[str]], how: str) -> Plan:
    """Every order as early as its line, its set-up and its release allow, in the sequence given."""
    places = []
    for path, numbers in sequences.items():
        cursor = Cursor.of(problem, path)
        places += [cursor.put(problem, problem.by_number[number]) for number in numbers]
    return Plan(tuple(places), how)


def fits(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with a plan, in words; nothing: each order has one place, on a line that can make it, in time."""
    faults = [f"order {n} has no place" for n in problem.by_number.keys() - plan.by_order.keys()]
    if len(plan.by_order) != len(plan.places):
        faults.append("an order stands twice")
    for path, numbers in plan.sequences.items():
        again = {place.order: place for place in laid_out(problem, {path: numbers}, "").places}
        for number in numbers:
            place = plan.by_order[number]
            if path not in problem.by_number[number].seconds:
                faults.append(f"{path} cannot make order {number}")
            elif place.ends_at < again[number].ends_at or place.starts_at < problem.start:
                faults.append(f"order {number} is planned earlier than it can be")
    return faults
