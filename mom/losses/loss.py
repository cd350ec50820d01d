"""What a loss is, and what finds one: facts in, findings out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mom.facts import CountSpan, Facts, StopSpan, Toll


class LossKind(StrEnum):
    """The six big losses, time that nobody has classified, waiting for the outside, energy; and conditions, which cost
    nothing yet."""

    breakdown = "breakdown"
    set_up = "set_up"
    minor_stops = "minor_stops"
    reduced_speed = "reduced_speed"
    scrap = "scrap"
    start_up = "start_up"
    unclassified = "unclassified"
    starved = "starved"
    blocked = "blocked"
    energy = "energy"
    drift = "drift"
    lying_sensor = "lying_sensor"
    counter_still = "counter_still"
    link_silent = "link_silent"


CONDITIONS = frozenset(
    {LossKind.drift, LossKind.lying_sensor, LossKind.counter_still, LossKind.link_silent},
)
"""No loss yet: a state of things that somebody should look at before it costs, or that makes figures wrong."""
TITLES: Mapping[LossKind, str] = {
    LossKind.breakdown: "Breakdown",
    LossKind.set_up: "Long change-over",
    LossKind.minor_stops: "Minor stops",
    LossKind.reduced_speed: "Reduced speed",
    LossKind.scrap: "Scrap",
    LossKind.start_up: "Start-up",
    LossKind.unclassified: "Stop without a reason",
    LossKind.starved: "Nothing comes in",
    LossKind.blocked: "Nothing goes out",
    LossKind.energy: "More energy for the same work",
    LossKind.drift: "Drift",
    LossKind.lying_sensor: "Sensor that lies",
    LossKind.counter_still: "Counter that stands still",
    LossKind.link_silent: "Link silent",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble in one window. `key` names it: the same trouble found again has the same key.

    `seconds`: time lost at the machine; `units`: good pieces that the line did not make, or pieces scrapped;
    `money`: what that cost, in the plant's currency, None where no rate is known.
    """

    kind: LossKind
    key: str
    title: str
    reason: str
    start: datetime
    end: datetime | None  # none: it still lasts
    seconds: float
    units: float
    money: Decimal | None
    evidence: tuple[str, ...]  # references to rows: stop:12
    coverage: float = 1.0
    figures: Mapping[str, Any] = field(default_factory=dict)  # what it was reckoned from, assumptions in words
    alerts: bool = False  # worth telling people at once


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of trouble. `find` sees one shift; with `joins`, findings of one key in shifts in a row are one.

    `measures`: it looks at means over days (`Facts.measured`), and so only when new ones have begun.
    """

    name: str
    title: str
    find: Callable[[Facts], Iterable[Finding]]
    joins: bool = False
    patience: int = 1  # shifts without a sign after which a joined trouble is over
    closes: bool = False  # a joined trouble is over when its last finding says so, not only for want of a sign
    measures: bool = False
    of_lines: bool = False  # it looks at lines as wholes too


def toll_of(facts: Facts, stops: Iterable[StopSpan]) -> Toll:
    """What the stops cost the line together; nothing where buffers absorbed them."""
    tolls = [facts.tolls[stop.id] for stop in stops if stop.id in facts.tolls]
    lines = ", ".join(dict.fromkeys(toll.line for toll in tolls if toll.line))
    return Toll(
        sum(toll.seconds for toll in tolls),
        sum(toll.units for toll in tolls),
        sum((toll.money for toll in tolls), Decimal(0)),
        lines,
    )


def toll_words(facts: Facts, toll: Toll) -> dict[str, Any]:
    """How a stop's cost was reckoned, for who asks."""
    at_constraint = facts.constraint is not None and facts.machine.path == facts.constraint.path
    if at_constraint:
        how = "the constraint stood: its standard rate and the margin of the product that was on"
    elif toll.seconds:
        how = "the constraint was starved or blocked by it so long: standard rate and margin of the product that was on"
    else:
        how = "the buffers absorbed it: the line's constraint did not wait for it"
    return {"line_seconds": toll.seconds, "lines": toll.line, "assumption": how}


def margin_of(facts: Facts, counts: Sequence[CountSpan]) -> Decimal:
    """The mean margin of a piece, by what was made."""
    return _mean(facts, counts, lambda product: facts.products[product].margin)


def material_of(facts: Facts, counts: Sequence[CountSpan]) -> Decimal:
    """The mean material cost of a piece, by what was made."""
    return _mean(facts, counts, lambda product: facts.products[product].material_cost)


def _mean(facts: Facts, counts: Sequence[CountSpan], value: Callable[[str], Decimal]) -> Decimal:
    known = [(span.produced or span.scrap, span.product) for span in counts]
    weighed = [(Decimal(str(n)), value(p)) for n, p in known if p is not None and p in facts.products and n > 0]
    total = sum((n for n, _ in weighed), Decimal(0))
    return sum((n * v for n, v in weighed), Decimal(0)) / total if total else Decimal(0)
