"""What a mapping file may say: which records there are, and which field of the store each column fills."""

from pathlib import PurePosixPath
from string import Formatter
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator, model_validator

from mom.plant.block import Block
from mom.plant.schema import Code, Level, Shift
from mom.plant.zone import Zone
from mom.records.formula import parse
from mom.records.values import Kind

SOURCES = ("column", "constant", "calc", "text", "shift_start", "shift_end")


def _pattern(text: str) -> str:
    if PurePosixPath(text).is_absolute() or ".." in PurePosixPath(text).parts:
        raise ValueError("expected a file name or pattern below the data folder, such as orders*.csv")
    return text


def _formula(text: str) -> str:
    parse(text)
    return text


def _template(text: str) -> str:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"expected columns in braces ({error})") from None
    if not all(names):
        raise ValueError('expected the name of a column in each pair of braces, as in "{order}-{line}"')
    return text


Files = Annotated[str, AfterValidator(_pattern)]


class Site(Block):
    """Where the records belong. An id that the store knows joins that site; its zone must then be the same."""

    id: Code
    name: str = ""
    time_zone: Zone = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"


class FileForm(Block):
    """How text files are written."""

    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None  # by the file's ending when left out
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    thousands: str = ""
    empty: tuple[str, ...] = ()  # words that mean nothing is there: NULL, n/a
    inside: str | None = None  # of a JSON file: the path of the list of records in it

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            "".encode(name)
        except LookupError:
            raise ValueError("expected an encoding such as utf-8 or cp1252") from None
        return name


class Calendar(Block):
    shifts: tuple[Shift, ...]


class Lookup(Block):
    """A file that other records look things up in, by the value of its column `key`."""

    files: Files
    key: str


class ShiftOf(Block):
    """A shift of the calendar: its first or last moment on the day that `date` tells."""

    date: str
    shift: str
    format: str | None = None  # of the date


class FieldFrom(Block):
    """Where a field's value comes from (one of the first six), and how it is written there."""

    column: str | None = None  # `a.b`: b inside a; `lookup.column`: of the row that `join` found
    constant: str | int | float | bool | None = None
    calc: Annotated[str, AfterValidator(_formula)] | None = None
    text: Annotated[str, AfterValidator(_template)] | None = None  # columns in braces: "{poNo}-{line}"
    shift_start: ShiftOf | None = None
    shift_end: ShiftOf | None = None
    default: str | int | float | bool | None = None  # when the source has nothing
    type: Kind | None = None  # the field's own when left out
    unit: str | None = None  # that the source measures in
    factor: float = 1.0
    format: str | None = None
    moment: Literal["exact", "start_of_day", "end_of_day"] = "exact"  # of a time that only says the day
    values: dict[str, str | int | float | bool] = {}  # what the source writes: what is meant
    optional: bool = False  # files without this column are taken too

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(SOURCES)}; given: {', '.join(given) or 'none'}")
        return self


class ScrapBy(Block):
    """Columns that each count the scrap of one reason; the column's name is the reason unless `names` has another."""

    columns: tuple[str, ...]  # names or patterns: item*, *NG
    but: tuple[str, ...] = ()  # names or patterns that are no reasons
    names: dict[str, str] = {}


class Records(Block):
    """One kind of record: where it is found, what it becomes, and which field is filled from where."""

    name: str
    noun: str
    files: Files | None = None
    inside: str | None = None  # of a webhook's body: the path of the record, or of a list of them
    when: dict[str, str | tuple[str, ...]] = {}  # only records whose column has this value
    filled: tuple[str, ...] = ()  # only records in which these columns are not empty
    key: tuple[str, ...]  # columns that together name the record
    repeats: Literal["wait", "number", "last"] = "wait"  # a key that comes again in one import with other values
    partial: bool = False  # what a record does not tell stays as it was
    join: dict[str, str] = {}  # lookup: the column of this record that finds its row
    fields: dict[str, FieldFrom]
    scrap_by: ScrapBy | None = None
    more: tuple[str, ...] = ()  # columns kept as they are, without a field of their own
    new_equipment: Literal["wait", "create"] = "wait"
    level: Level = Level.work_center  # of equipment that is created

    @field_validator("fields", mode="before")
    @classmethod
    def _short(cls, fields: Any) -> Any:
        """`product: itemCode` is short for `product: {column: itemCode}`."""
        if not isinstance(fields, dict):
            return fields
        return {name: {"column": given} if isinstance(given, str) else given for name, given in fields.items()}


class Mapping(Block):
    """A whole mapping file."""

    site: Site | None = None  # left out: the plant that the message came to
    source: Code
    form: FileForm = FileForm()
    calendar: Calendar | None = None
    lookups: dict[str, Lookup] = {}
    records: Annotated[tuple[Records, ...], Field(min_length=1)]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone if self.site else "UTC")
