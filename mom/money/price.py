"""What losses cost: their lines replayed without each of them. Facts in, prices out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mom.facts import Facts, ProductFact, Window
from mom.flow.difference import NOTHING, Difference, difference, line_second
from mom.flow.line import LineFacts
from mom.flow.observed import Observed
from mom.money.line import Replayable, replayable
from mom.money.taken import taken_by

FRESH = timedelta(minutes=30)
"""What ended no longer ago may still be on its way down the line: the replay goes on for AHEAD."""
AHEAD = timedelta(minutes=45)


@dataclass(frozen=True)
class Costs:
    """The plant's rates that a loss is priced with."""

    late_day: Decimal = Decimal(0)
    line_hour: Mapping[str, Decimal] = field(default_factory=dict)  # by line


@dataclass(frozen=True)
class Asked:
    """One loss, and the part of it that is looked at: its windows in this stretch of time, of all those that it `lasted`."""

    id: int
    kind: str
    reason: str
    seconds: float
    ended: datetime | None
    windows: tuple[Window, ...]
    lasted: tuple[Window, ...]
    lines: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Price:
    """What a loss (or its part in a stretch of time) cost. `why`: why the line could not be replayed; empty: it was."""

    difference: Difference
    line_second: Decimal
    why: str = ""
    beyond: float = 1.0

    @property
    def money(self) -> Decimal:
        return max(Decimal(0), self.difference.money)

    def plus(self, other: "Price") -> "Price":
        """Two stretches of one loss."""
        most = max(self.line_second, other.line_second)
        return Price(
            self.difference.plus(other.difference), most, self.why or other.why, min(self.beyond, other.beyond)
        )


def prices(
    asked: Sequence[Asked],
    lines: Mapping[str, LineFacts | str],
    facts: Mapping[str, Facts],
    costs: Costs,
    now: datetime,
) -> dict[int, Price]:
    """By loss id. One replay of each line as it was, one a loss without it; takes some tens of milliseconds each."""
    ahead = AHEAD if any(_fresh(one, now) for one in asked) else timedelta(0)
    known = {path: replayable(line, path, ahead) for path, line in lines.items()}
    return {one.id: _price(one, known, facts, costs, now) for one in asked if one.path in facts}


def _price(
    one: Asked, known: Mapping[str, Replayable], facts: Mapping[str, Facts], costs: Costs, now: datetime
) -> Price:
    mine = facts[one.path]
    taken, beyond = taken_by(one, mine, one.windows)
    taken = replace(taken, lasted=one.lasted)
    total, second, why = NOTHING, Decimal(0), ""
    for path in one.lines:
        line = known.get(path)
        if line is None or line.observed is None:
            why = why or (line.why if line else "it belongs to no line")
            continue
        until = _until(line.observed, one, now)
        found = difference(line.observed, taken, mine.products, costs.late_day, until)
        if found is not None:
            total = total.plus(found, beyond)
            second += _second(line.observed, mine.products, costs)
    return Price(_by_the_hour(total, one, mine.products, costs), second, why, beyond)


def _until(observed: Observed, one: Asked, now: datetime) -> float:
    return observed.horizon if _fresh(one, now) else observed.until


def _fresh(one: Asked, now: datetime) -> bool:
    return one.ended is None or one.ended > now - FRESH


def _second(observed: Observed, products: Mapping[str, ProductFact], costs: Costs) -> Decimal:
    """What a second of the line is worth: its margin; where no margin is told, what crew and line cost in it."""
    return line_second(observed, products) or costs.line_hour.get(observed.line.path, Decimal(0)) / 3600


def _by_the_hour(total: Difference, one: Asked, products: Mapping[str, ProductFact], costs: Costs) -> Difference:
    """Where the plant tells no margins, lost time is worth what it costs to make up for it: the line's hour."""
    if any(product.margin for product in products.values()) or total.seconds <= 0:
        return total
    hour = sum((costs.line_hour.get(line, Decimal(0)) for line in one.lines), Decimal(0))
    extra = Decimal(total.seconds / 3600) * hour
    return replace(total, margin=extra, set_ups=Decimal(0))
