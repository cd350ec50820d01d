"""What rules, KPIs and causes may look at: one equipment, one window, frozen. No clock, session or model inside.

Spans keep their true start and end; use `Window.overlap` to cut them. While one is `open`, `end` is the facts' `now`,
or when its source was last heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mom.measured import Measured, Sample

if TYPE_CHECKING:
    from mom.losses.norm import Course


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    def overlap(self, start: datetime, end: datetime) -> float:
        """Seconds of [start, end) that lie in this window."""
        return max(0.0, (min(end, self.end) - max(start, self.start)).total_seconds())

    def cut(self, start: datetime, end: datetime) -> "Window | None":
        low, high = max(start, self.start), min(end, self.end)
        return Window(low, high) if low < high else None


@dataclass(frozen=True, slots=True)
class Span:
    id: int
    start: datetime
    end: datetime
    open: bool

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class StateSpan(Span):
    equipment: str  # path
    state: str
    detail: str = ""  # starved, blocked
    mode: str = ""  # set_up


@dataclass(frozen=True, slots=True)
class StopSpan(Span):
    equipment: str
    state: str
    reason: str = ""
    reason_by: str = "machine"


@dataclass(frozen=True, slots=True)
class AlarmSpan(Span):
    equipment: str
    code: str
    text: str
    stops: bool


@dataclass(frozen=True, slots=True)
class RunSpan(Span):
    order: str | None
    product: str | None


@dataclass(frozen=True, slots=True)
class CountSpan:
    """Pieces of a span. `scrap_by`: scrap by reason. `rows`: how many rows it is the sum of."""

    id: int
    start: datetime
    end: datetime
    equipment: str
    produced: float
    good: float
    scrap: float
    rework: float = 0.0
    product: str | None = None
    order: str | None = None
    tool: str | None = None
    shift: str | None = None
    ideal_seconds: float | None = None
    scrap_by: Mapping[str, float] = field(default_factory=dict)
    rows: int = 1


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """One worked shift: planned busy time."""

    name: str
    crew: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ClassSpan:
    """A person said which class of time a stretch of one machine was (`kind`: mom.history.classes.TimeClass)."""

    id: int
    start: datetime
    end: datetime
    equipment: str  # path
    kind: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A node of the tree. `line` is the path of the work centre it belongs to (itself, if it is one)."""

    id: int
    path: str
    name: str
    level: str
    line: str
    position: int = 0
    is_constraint: bool = False
    ideal_rate: float | None = None  # pieces per minute
    buffer_after: int | None = None
    stage: int | None = None  # units of a line that have the same one stand side by side; None: it stands alone


@dataclass(frozen=True, slots=True)
class OwnBest:
    """What a machine did with a product in its good hours of the weeks before: pieces a minute, from so many `hours`.
    `wavers`: the share by which an ordinary poor hour lies under a good one."""

    rate: float
    wavers: float
    hours: int


@dataclass(frozen=True, slots=True)
class ProductFact:
    id: str
    name: str
    rates: Mapping[str, float]  # equipment path -> ideal pieces per minute
    margin: Decimal = Decimal(0)
    material_cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Series:
    """A measured quantity: times ascending, numbers beside them, statuses that are not good left out."""

    tag: str
    name: str
    unit: str
    times: Sequence[datetime]
    values: Sequence[float]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Silence(Span):
    """A connector told nothing. `machines`: the names of those that it speaks for."""

    connector: str
    reason: str
    machines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetUpStandard:
    line: str
    from_product: str | None
    to_product: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Toll:
    """What one stop cost the line: how long its constraint stood because of it, and the pieces it then did not make."""

    seconds: float
    units: float
    money: Decimal
    line: str = ""  # path


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known of `machine` in `window`. For a line, `states`, `stops` are those of its constraint,
    `counts` its constraint's, with quality from end to end (DESIGN: a serial line's OEE)."""

    site: str
    zone: ZoneInfo
    currency: str
    machine: Machine
    window: Window
    now: datetime
    shifts: tuple[ShiftSpan, ...] = ()
    states: tuple[StateSpan, ...] = ()
    stops: tuple[StopSpan, ...] = ()
    alarms: tuple[AlarmSpan, ...] = ()
    counts: tuple[CountSpan, ...] = ()
    runs: tuple[RunSpan, ...] = ()
    products: Mapping[str, ProductFact] = field(default_factory=dict)
    set_ups: tuple[SetUpStandard, ...] = ()
    signals: Mapping[str, Series] = field(default_factory=dict)
    minor_stop: timedelta = timedelta(minutes=5)
    line_hour: Decimal = Decimal(0)
    energy_kwh: Decimal = Decimal(0)  # what a kWh costs; 0: nobody told
    has_states: bool = True  # false: no source of states was ever connected to it
    has_counts: bool = True
    reported: Window | None = None  # without states: from the first to the last count that was told of this site
    no_calendar: bool = False  # true: nobody ever told when this plant works
    constraint: Machine | None = None  # of its line: what the line's output hangs on
    uncounted: Mapping[str, Sequence[Window]] = field(default_factory=dict)  # by path: pieces are not known there
    has_orders: bool = False  # whether its line tells which order and product is on
    no_order: tuple[Window, ...] = ()  # between two orders of its line, and after the last one
    change_overs: Mapping[str, Sequence[Window]] = field(default_factory=dict)  # by path: told by counts, not by a mode
    corrected: tuple[ClassSpan, ...] = ()  # what people said of stretches, in the order in which they said it
    tolls: Mapping[int, Toll] = field(default_factory=dict)  # by stop id, where what a stop cost the line was reckoned
    measured: tuple[Measured, ...] = ()  # in means, where they were asked for
    courses: Mapping[str, "Course"] = field(default_factory=dict)  # by tag: how it went against its norm
    silences: tuple[Silence, ...] = ()  # of connectors whose machines all lie at or below this one
    is_first: bool = False  # nothing of the line comes before it
    is_last: bool = False  # nothing of the line comes behind it, nor a machine that the line feeds
    own_best: Mapping[str, OwnBest] = field(default_factory=dict)  # by product, where it was asked for
    counted_before: bool = False  # pieces were counted shortly before the window
    said_as: Mapping[str, str] = field(default_factory=dict)  # an alarm's text -> the reason that people here give it
    samples: tuple[Sample, ...] = ()  # of the laboratory, over days before the window and in it
