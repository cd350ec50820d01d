"""How one field is filled from a record: made once for a block of a mapping, used for every record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from string import Formatter
from typing import Any

from mom.plant.schema import Shift
from mom.records.formula import parse
from mom.records.mapping import FieldFrom, ShiftOf
from mom.records.nouns import Target
from mom.records.shifts import shift_span
from mom.records.unmappable import Unmappable
from mom.records.values import Form, convert, unit_factor
from mom.records.view import View

Read = Callable[[View], Any]


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads one field. `read` gives None where the source has nothing and no default is set."""

    target: Target
    read: Read


def field_reader(given: FieldFrom, target: Target, form: Form, shifts: Mapping[str, Shift]) -> FieldReader:
    """`form`: how the source writes its values in general."""
    own = replace(
        form,
        format=given.format,
        moment=given.moment,
        values=given.values,
        factor=given.factor * (unit_factor(given.unit, target.unit) or 1.0 if given.unit and target.unit else 1.0),
    )
    kind = given.type or target.kind
    source, label = _source(given, form, shifts), _label(given, target)
    plain = Form(zone=form.zone)
    default = None if given.default is None else convert(label, given.default, target.kind, plain)

    def read(view: View) -> Any:
        value = source(view)
        if value is None:
            return default
        if isinstance(value, datetime) and (given.shift_start or given.shift_end):
            return value
        value = convert(label, value, kind, own)
        return value if kind == target.kind else convert(label, value, target.kind, plain)

    return FieldReader(target, read)


def _label(given: FieldFrom, target: Target) -> str:
    if given.column:
        return target.name if given.column == target.name else f"{target.name} (column {given.column})"
    return f"{target.name} ({given.calc})" if given.calc else target.name


def _source(given: FieldFrom, form: Form, shifts: Mapping[str, Shift]) -> Read:
    if given.column is not None:
        column = given.column
        return lambda view: view.get(column)
    if given.calc is not None:
        formula = parse(given.calc)
        return lambda view: formula.value(view.number)
    if given.text is not None:
        return _template(given.text)
    if given.shift_start is not None:
        return _shift(given.shift_start, 0, form, shifts)
    if given.shift_end is not None:
        return _shift(given.shift_end, 1, form, shifts)
    return lambda _: given.constant


def _template(text: str) -> Read:
    """None when every column in it is empty."""
    parts = [(words, name) for words, name, _, _ in Formatter().parse(text)]

    def read(view: View) -> str | None:
        filled = [(words, view.text(name) if name else "") for words, name in parts]
        if any(name for _, name in parts) and not any(value for _, value in filled):
            return None
        return "".join(words + value for words, value in filled)

    return read


def _shift(wanted: ShiftOf, end: int, form: Form, shifts: Mapping[str, Shift]) -> Read:
    dated = replace(form, format=wanted.format)

    def read(view: View) -> datetime | None:
        day, name = view.get(wanted.date), view.text(wanted.shift)
        if day is None or not name:
            return None
        if name not in shifts:
            raise Unmappable(wanted.shift, f"{name!r}: the calendar has the shifts {', '.join(shifts)}")
        local = convert(wanted.date, day, "time", dated).astimezone(form.zone)
        return shift_span(shifts[name], local.date(), form.zone)[end]

    return read
