"""What a plan is worth: late orders and change-overs, in money. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from mom.scheduling.plan import Place, Plan
from mom.scheduling.problem import DAY, Problem


@dataclass(frozen=True, slots=True)
class Score:
    """`money`: lateness and change-over time at the plant's rates. `finish_hours`: mean time to an order's end."""

    late_orders: int
    late_hours: float
    set_up_hours: float
    money: float
    finish_hours: float

    @property
    def key(self) -> tuple[float, float, float]:
        """Smaller is better: money, then lateness, then getting done early."""
        return round(self.money, 2), round(self.late_hours, 3), round(self.finish_hours, 3)

    def as_json(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 2) for name in self.__slots__}


def score(problem: Problem, plan: Plan) -> Score:
    late = [late_seconds(problem, place) for place in plan.places]
    money = sum(s / DAY * problem.by_number[p.order].late_cost for s, p in zip(late, plan.places, strict=True))
    set_up = sum(place.set_up_seconds / 3600 * problem.by_path[place.line].hour_cost for place in plan.places)
    ends = [(place.ends_at - problem.start).total_seconds() / 3600 for place in plan.places]
    return Score(
        late_orders=sum(1 for seconds in late if seconds > 0),
        late_hours=sum(late) / 3600,
        set_up_hours=sum(place.set_up_seconds for place in plan.places) / 3600,
        money=money + set_up,
        finish_hours=sum(ends) / len(ends) if ends else 0.0,
    )


def late_seconds(problem: Problem, place: Place) -> float:
    due = problem.by_number[place.order].due
    return max(0.0, (place.ends_at - due).total_seconds()) if due else 0.0


def best(problem: Problem, plans: Iterable[Plan]) -> Plan:
    """The first of those with the best score."""
    return min(plans, key=lambda plan: score(problem, plan).key)
