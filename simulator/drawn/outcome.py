"""What a drawn plant made and lost in its time, in pieces and money: two of these give what a trouble truly cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from simulator.drawn.effects import Power
from simulator.drawn.layout import Product
from simulator.drawn.life import Life
from simulator.drawn.line import Line
from simulator.drawn.orders import Order
from simulator.packml import EXECUTE


@dataclass(frozen=True)
class Outcome:
    """Pieces, kWh, money in the plant's currency.

    `set_ups`: what the change-overs that are done are worth, at their usual length: they need not be done any more. Without
    it a plant that is twenty minutes behind would seem to have lost nothing when its time ends in a change-over.
    `hours`: the good pieces at the rate of the line's slowest stage, and those change-overs.
    """

    good: float
    scrap: float
    energy_kwh: float
    margin: float
    set_ups: float
    wasted: float
    late: float
    energy_cost: float
    hours: float

    @property
    def money(self) -> float:
        return self.margin + self.set_ups - self.wasted - self.late - self.energy_cost

    def less(self, other: Outcome) -> dict[str, float]:
        """How much better this is than `other`; `money` is what the difference is worth."""
        mine, its = asdict(self), asdict(other)
        better = {name: mine[name] - its[name] for name in ("good", "margin", "set_ups", "hours")}
        saved = {name: its[name] - mine[name] for name in ("scrap", "energy_kwh", "wasted", "late", "energy_cost")}
        return {**better, **saved, "money": self.money - other.money}


def outcome_of(life: Life) -> Outcome:
    """Scrapped pieces cost the material of the product that was on, late orders by the day."""
    parts = [_of_line(life, line) for line in life.lines]
    good, scrap, margin, set_ups, wasted, late, hours = (sum(part[i] for part in parts) for i in range(7))
    if life.shared:
        scrap += sum(life.shared.scrapped)
        wasted += life.shared.wasted
    energy = sum(_energy(life, path) for path in life.units) + sum(_more(life, power) for power in life.powers)
    return Outcome(good, scrap, energy, margin, set_ups, wasted, late, energy * life.layout.energy_kwh, hours)


def _of_line(life: Life, line: Line) -> tuple[float, ...]:
    made = _passed(life, line)
    good = sum(pieces for _, pieces in made)
    margin = sum(pieces * order.product.margin for order, pieces in made)
    hours = sum(pieces / _rate(line, order.product) / 60 for order, pieces in made)
    scrap = sum(sum(unit.scrapped) for unit in line.units)
    wasted = sum(unit.wasted for unit in line.units)
    done = _set_ups(life, line)
    hour = sum(p.margin * _rate(line, p) * 60 for p in line.plan.products) / len(line.plan.products)
    return good, scrap, margin, done * hour, wasted, _late(life, line), hours + done


def hours_by_line(life: Life) -> dict[str, float]:
    """What each line did, in hours at the rate of its slowest stage (see Outcome)."""
    return {line.plan.path: _of_line(life, line)[-1] for line in life.lines}


def _passed(life: Life, line: Line) -> list[tuple[Order, float]]:
    """Good pieces by order; those that have passed the slowest stage and stand in a buffer are as good as made."""
    made = life.made_of(line)
    if line.order is not None:
        order, pieces = made[-1]
        made[-1] = order, pieces + sum(line.level[line.plan.bottleneck : line.count - 1])
    return made


def _set_ups(life: Life, line: Line) -> float:
    """Hours of change-overs done, at their usual length; one that is on counts by its part."""
    minutes = 0.0
    for order in life.orders[line.plan.path]:
        if order.set_up_from is not None:
            passed = life.calendar.worked(order.set_up_from, life.now)
            minutes += order.set_up * (1.0 if order.set_up_to is not None else min(1.0, passed / order.set_up_takes))
    return minutes / 60


def _rate(line: Line, product: Product) -> float:
    return min(sum(line.plan.rate(unit, product) for unit in stage) for stage in line.plan.stages)


def _late(life: Life, line: Line) -> float:
    """By the part of a day; orders that are not done by the end are late until then."""
    end = life.calendar.seconds
    seconds = 0.0
    for order in life.orders[line.plan.path]:
        if order.due < end:
            seconds += max(0.0, (end if order.finished is None else order.finished) - order.due)
    return seconds / 86400 * life.layout.late_day


def _energy(life: Life, path: str) -> float:
    unit = life.units[path]
    return (unit.ran * unit.plan.runs_kw + (life.calendar.seconds - unit.ran) * unit.plan.stands_kw) / 3600


def _more(life: Life, power: Power) -> float:
    """kWh that a machine drew beyond its usual; from its states, since it may have stood."""
    states = life.units[power.unit].states
    ends = [*(at for at, _ in states[1:]), life.calendar.seconds]
    ran = sum(
        max(0.0, min(end, power.end) - max(at, power.start))
        for (at, state), end in zip(states, ends, strict=True)
        if state == EXECUTE
    )
    return power.more * ran / 3600
