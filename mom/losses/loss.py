"""What a loss is, and what finds one: facts in, findings out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mom.facts import Facts


class LossKind(StrEnum):
    """The six big losses, and time that nobody has classified."""

    breakdown = "breakdown"
    set_up = "set_up"
    minor_stops = "minor_stops"
    reduced_speed = "reduced_speed"
    scrap = "scrap"
    start_up = "start_up"
    unclassified = "unclassified"


TITLES: Mapping[LossKind, str] = {
    LossKind.breakdown: "Breakdown",
    LossKind.set_up: "Long change-over",
    LossKind.minor_stops: "Minor stops",
    LossKind.reduced_speed: "Reduced speed",
    LossKind.scrap: "Scrap",
    LossKind.start_up: "Start-up",
    LossKind.unclassified: "Stop without a reason",
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


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of trouble. `find` sees one shift; with `joins`, findings of one key in shifts in a row are one."""

    name: str
    title: str
    find: Callable[[Facts], Iterable[Finding]]
    joins: bool = False
    patience: int = 1  # shifts without a sign after which a joined trouble is over
