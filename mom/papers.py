"""What the plant's other systems told of one piece of equipment and window, frozen: what KPIs of people, orders,
quality, maintenance, material and stock are made of. Rows are whole; the KPIs' parts cut them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mom.facts import Window


@dataclass(frozen=True, slots=True)
class Attendance:
    """`kind`: attendance, work. `people`: how many the row stands for."""

    kind: str
    start: datetime
    end: datetime
    people: float
    trade: str | None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """A production order as its owner tells it; `planned_end` by the schedule that holds. `good`: pieces delivered."""

    key: str
    product: str
    quantity: float
    due_at: datetime | None
    planned_end: datetime | None
    finished_at: datetime | None
    good: float | None
    planned_scrap: float | None


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """An inspected part: whether all that was inspected at the first attempt was good."""

    at: datetime
    product: str | None
    order: str | None
    first_pass: bool


@dataclass(frozen=True, slots=True)
class ValuePaper:
    """A measured value. `moved`: its distance to the one before of the same order (None: the first)."""

    at: datetime
    machine: str
    characteristic: str
    product: str | None
    order: str | None
    value: float
    low: float
    high: float
    moved: float | None


@dataclass(frozen=True, slots=True)
class WorkPaper:
    """A maintenance order. `hours` worked; `repeated`: the same was mended again within a week of its end."""

    kind: str
    status: str
    reported_at: datetime | None
    planned_at: datetime | None
    start: datetime | None
    end: datetime | None
    hours: float | None
    planned_hours: float | None
    repeated: bool


@dataclass(frozen=True, slots=True)
class Booking:
    """Material that was consumed or lost, in the product's unit. Of stock: an issue of `material`, at `unit_cost`."""

    at: datetime
    kind: str
    quantity: float
    product: str | None
    order: str | None
    material: str = ""
    unit_cost: float | None = None


@dataclass(frozen=True, slots=True)
class StockSpan:
    """So much of a material lay there from `start` until the next level told."""

    material: str
    start: datetime
    end: datetime
    quantity: float
    unit_cost: float | None


@dataclass(frozen=True, slots=True)
class Papers:
    """`since`: group of elements -> from when on its system told anything of this equipment. `elsewhere`: group ->
    where it is told instead (the line of a machine). `energy`: kWh in the windows asked for; None: no meter."""

    window: Window
    now: datetime
    name: str
    people: tuple[Attendance, ...] = ()
    team: tuple[Attendance, ...] = ()  # of the site's maintenance team
    orders: tuple[OrderPaper, ...] = ()
    samples: tuple[SamplePaper, ...] = ()
    values: tuple[ValuePaper, ...] = ()
    work: tuple[WorkPaper, ...] = ()
    bookings: tuple[Booking, ...] = ()
    issues: tuple[Booking, ...] = ()
    stock: tuple[StockSpan, ...] = ()
    energy: float | None = None
    planned_scrap: float | None = None  # of the pieces made in the window; None: no order tells it
    since: Mapping[str, datetime] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
