"""What bends a drawn plant: stops, changed speeds and shares of scrap, longer change-overs, material that is late,
and what its sensors and systems make of it. Everything is known before the plant begins to live, so that two plants
differ by their troubles alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.drawn.orders import Order


@dataclass(frozen=True)
class Strike:
    """A stop that comes at `at` if the machine runs then; `sure`: else as soon as it runs again.

    Points of a Poisson process over wall time, left out while the machine stands, are the same as a hazard over running
    time; and a plant that stood once for longer still meets the same points afterwards.
    """

    at: float
    unit: str
    seconds: float
    code: int
    trouble: str = ""  # empty: ordinary
    sure: bool = False
    breakdown: bool = False
    products: frozenset[str] | None = None  # only while one of these is on
    named: int | None = None  # the code that the operator enters; None: nobody does
    named_after: float = 30.0
    alarm: bool = True
    warns: tuple[tuple[str, float, float, int], ...] = ()  # (machine, seconds after the stop began, how long, code)


@dataclass(frozen=True)
class Bend:
    """From `start` to `end` (seconds) a machine's speed or pace of clearing stops is multiplied by `value`, or `value`
    is added to its share of scrap for a reason. `first`: only so long after an order began."""

    unit: str
    what: str  # speed, clumsy, scrap
    start: float
    end: float
    value: float
    reason: int = 0  # index of the scrap reason
    products: frozenset[str] | None = None
    first: float | None = None


@dataclass(frozen=True)
class Longer:
    """Change-overs on a line that begin in a span take `times` as long (of a crew, to a product)."""

    line: str
    start: float
    end: float
    times: float
    crew: str = ""
    product: str = ""
    order: str = ""  # the change-over to this order alone
    extra: float = 0.0  # seconds

    def meets(self, order: Order, at: float, crew: str) -> bool:
        """Whether a change-over to `order` that begins at `at`, with this crew, takes longer for it."""
        return (
            self.line == order.product.line
            and self.start <= at < self.end
            and self.crew in ("", crew)
            and self.product in ("", order.product.id)
            and self.order in ("", order.number)
        )


@dataclass(frozen=True)
class Dry:
    """From `at` the first machine of a line has no material, for `seconds`."""

    line: str
    at: float
    seconds: float


@dataclass(frozen=True)
class Signal:
    """A measured quantity moves: `shape` ramp (from nothing at start to `size` at end), step, frozen, noisy.

    `size` in spreads. `lies`: the sensor alone; the laboratory sees nothing.
    """

    unit: str
    key: str
    start: float
    end: float
    shape: str
    size: float
    lies: bool = False


@dataclass(frozen=True)
class Warn:
    """An alarm that stops nothing is up at a machine."""

    unit: str
    at: float
    seconds: float
    code: int


@dataclass(frozen=True)
class Silence:
    """No reading comes of a connector, or of one tag, for a while."""

    connector: str
    start: float
    end: float
    tag: str = ""


@dataclass(frozen=True)
class Still:
    """A machine's counter does not count while it runs."""

    unit: str
    start: float
    end: float


@dataclass(frozen=True)
class Move:
    """A lot of material (or a tool) is put on at a machine."""

    unit: str
    material: str
    lot: str
    at: float


@dataclass(frozen=True)
class Delivery:
    """A lot that was expected at one time and came at another."""

    unit: str
    material: str
    lot: str
    expected: float
    received: float


@dataclass(frozen=True)
class Power:
    """A machine draws `more` kW while it runs."""

    unit: str
    start: float
    end: float
    more: float


@dataclass(frozen=True)
class Note:
    """Somebody wrote it into the shift book."""

    unit: str
    at: float
    text: str


@dataclass(frozen=True)
class Work:
    """A maintenance order that was done; the machine need not stand for it. `follows`: a stop of its trouble, with
    which it moves when that came later than planned."""

    key: str
    unit: str
    start: float
    end: float
    kind: str  # corrective, preventive, inspection
    title: str
    text: str
    part: str = ""
    follows: str = ""


Effect = Strike | Bend | Longer | Dry | Signal | Warn | Silence | Still | Move | Delivery | Power | Note | Work


@dataclass
class Trouble:
    """A trouble (or an innocent change) as drawn: what it does, and the truth of it."""

    name: str
    kind: str
    loss: tuple[str, ...]
    equipment: str
    start: float
    end: float
    cause: dict[str, Any]
    says: str
    part: str = ""
    costs: bool = True
    innocent: bool = False
    knowable: bool = True
    telling: float | None = None  # None: worked out from what happened (see truth.py)
    effects: list[Effect] = field(default_factory=list)
    spans: list[tuple[float, float]] | None = None  # when it is there, where it comes and goes
