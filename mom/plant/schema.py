"""What a plant file may say. Each class is one block of plant.yaml; unknown keys are refused."""

from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from mom.address import checked_address
from mom.plant.block import Block
from mom.plant.chart_rules import Quality
from mom.plant.durations import parse_duration
from mom.plant.zone import Zone

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
"""A short name without spaces; paths are codes joined by `/`."""
EquipmentPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=255)]
"""Below the site, e.g. `line-1/filler`; the site's id is put before it in the store."""
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""Written 90s, 25min, 24h, 7d."""
Address = Annotated[str, AfterValidator(checked_address)]
Money = Annotated[Decimal, Field(ge=0)]
Role = Literal["operator", "supervisor", "maintenance", "planner", "quality", "manager", "admin"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Site(Block):
    id: Code
    name: str


class Shift(Block):
    """A working shift. `end` at or before `start` means the next day."""

    name: Code
    start: time
    end: time
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = DAYS  # type: ignore[assignment]


class CrewRotation(Block):
    """Which crew has which shift: the order moves on by one every `every` from `anchor` (a Monday)."""

    crews: tuple[str, ...]
    anchor: date
    every: Literal["day", "week"] = "week"


class CalendarException(Block):
    date: date
    shifts: tuple[Code, ...] = ()  # what is worked that day; none: closed
    reason: str = ""


class Calendar(Block):
    shifts: tuple[Shift, ...]
    rotation: CrewRotation | None = None
    exceptions: tuple[CalendarException, ...] = ()


class Level(StrEnum):
    """ISA-95 equipment levels below the site."""

    area = "area"
    work_center = "work_center"  # a line
    work_unit = "work_unit"  # a machine


class Equipment(Block):
    """One node of the tree; children are written under `units`."""

    id: Code
    name: str
    level: Level = Level.work_center
    aliases: tuple[str, ...] = ()  # what people call it: "L1", "the filler"
    constraint: Code | None = None  # of a line: the unit whose OEE is the line's
    ideal_rate: float | None = Field(None, gt=0)  # pieces per minute, where the product has none of its own
    buffer_after: int | None = Field(None, ge=0)  # pieces that the conveyor behind it holds
    stage: int | None = Field(None, ge=0)  # units of one stage stand side by side; left out: a stage of its own
    feeds: EquipmentPath | None = None  # what comes next when it is not the next in this list
    parts: tuple[str, ...] = ()  # maintainable items: chuck, valve block …
    units: tuple["Equipment", ...] = ()


class Product(Block):
    id: Code
    name: str
    code: int | None = None  # how controllers name it
    unit: str = "pcs"
    rates: dict[EquipmentPath, Annotated[float, Field(gt=0)]] = {}  # ideal pieces per minute, by line or machine
    margin: Money = Decimal(0)  # contribution of one good piece
    material_cost: Money = Decimal(0)  # of one scrapped piece
    aliases: tuple[str, ...] = ()


class SetUpTime(Block):
    """Standard change-over between products on a line; `from` or `to` left out: any."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    line: EquipmentPath
    from_product: Code | None = Field(None, alias="from")
    to_product: Code | None = Field(None, alias="to")
    standard: Duration


class Meaning(StrEnum):
    """What a tag says of its equipment. The history derives rows from these; `signal` is kept as it is."""

    state = "state"  # a machine state; `states` maps codes to PackML names
    stop_reason = "stop_reason"  # why it stands; `texts` maps codes to reasons
    alarm = "alarm"  # active alarm code or flag; `texts` maps codes to texts, `stops` says it stops the machine
    produced = "produced"  # cumulative counter of all pieces out
    good = "good"
    scrap = "scrap"  # cumulative; `reason` names why
    rework = "rework"
    speed = "speed"  # actual, pieces per minute
    set_speed = "set_speed"
    product = "product"  # product code or id
    order = "order"  # order number
    set_up = "set_up"  # non-zero while in set-up mode
    energy = "energy"  # cumulative, kWh
    signal = "signal"  # any measured quantity: torque, temperature, pressure


class TagType(StrEnum):
    bool = "bool"
    int16 = "int16"
    uint16 = "uint16"
    int32 = "int32"
    uint32 = "uint32"
    int64 = "int64"
    uint64 = "uint64"
    float32 = "float32"
    float64 = "float64"
    text = "text"


class Tag(Block):
    """One value of a source. `address` is the protocol's: `holding:0` (from zero), `ns=2;s=Line2.Filler.State`."""

    id: Annotated[str, Field(pattern=r"^[^\s]+$", max_length=255)]
    address: str
    type: TagType = TagType.float64
    unit: str = ""
    scale: float = 1.0  # value = raw * scale + offset
    offset: float = 0.0
    equipment: EquipmentPath
    meaning: Meaning = Meaning.signal
    name: str = ""  # for people: "capping torque"
    reason: str | None = None  # of a scrap counter
    # of a state tag: code -> PackML state, Suspended as `Suspended:starved` or `Suspended:blocked`
    states: dict[int | str, str] = {}
    texts: dict[int | str, str] = {}  # of a stop reason or alarm: code -> text
    stops: bool = False  # of an alarm: while active, the machine is stopped by it
    low: float | None = None  # normal range of a signal
    high: float | None = None
    deadband: float | None = Field(None, ge=0)  # a smaller change is not kept
    every: Duration | None = None  # of a polled source: this tag's own period


class Connector(Block):
    """One source of readings. Keys beside these are its protocol's own, checked by the connector."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: Code
    protocol: Code
    tags: tuple[Tag, ...]

    @property
    def options(self) -> dict[str, Any]:
        """The protocol's own keys."""
        return dict(self.model_extra or {})


class Costs(Block):
    """What things cost, in the plant's currency."""

    line_hour: dict[EquipmentPath, Money] = {}  # crew and line, one hour, whether it runs or not
    energy_kwh: Money = Decimal(0)
    technician_hour: Money = Decimal(0)
    late_order_day: Money = Decimal(0)


class Approval(Block):
    """Who may approve an action, and above which cost the asker or editor may not approve it alone."""

    roles: tuple[Role, ...]
    four_eyes_above: Money = Decimal(0)
    expires_after: Duration = timedelta(hours=24)


class People(Block):
    """Who may see figures of people. Of single persons nobody, unless the plant names roles; else groups."""

    visible_to: tuple[Role, ...] = ()
    group_of: int = Field(5, ge=5)  # the least people of a group that is shown


class System(Block):
    """Another system of the plant. Its signing secret is in the named environment variable or in the home's secrets."""

    id: Code
    kind: Literal["erp", "plm", "lims", "wms", "cmms", "other"]
    name: str = ""
    url: Address | None = None  # where letters to it go; none: it only sends
    mapping: str | None = None  # the mapping file for what it sends, relative to the plant file
    allow_private: bool = False  # its address may be loopback or private


class Subscription(Block):
    """Who gets which report, by what."""

    report: Code
    to: tuple[str, ...]  # e-mail addresses
    lines: tuple[EquipmentPath, ...] = ()


class Plant(Block):
    """A whole plant file."""

    site: Site
    time_zone: Zone = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    calendar: Calendar
    equipment: tuple[Equipment, ...]
    products: tuple[Product, ...] = ()
    set_ups: tuple[SetUpTime, ...] = ()
    connectors: tuple[Connector, ...] = ()
    costs: Costs = Costs()
    roles: dict[Role, tuple[str, ...]] = {}  # what each role may do beside its defaults (later)
    approvals: dict[Code, Approval] = {}
    systems: tuple[System, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    people: People = People()
    quality: Quality = Quality()
    minor_stop: Duration = timedelta(minutes=5)  # shorter is a minor stop
    acts_upon: dict[str, tuple[str, ...]] = {}  # an expert's cause-effect graph: tag id -> the tags that it acts upon

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
