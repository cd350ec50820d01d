"""Read a mapping file and check all of it before any record is read; each fault with its line."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from mom.records.files import near
from mom.records.formula import parse
from mom.records.mapping import FieldFrom, Mapping, Records
from mom.records.nouns import RecordNoun, nouns
from mom.records.values import unit_factor
from mom.yaml_file import Faults, Loc, YamlFile

Fault = tuple[Loc, str]


def load_mapping(path: Path) -> Mapping:
    """The mapping of `path`. Raises Faults (BadInput) with everything that is wrong at once."""
    file = YamlFile(path)
    mapping = file.into(Mapping)
    faults = [(file.line(loc), text) for loc, text in _faults(mapping)]
    if faults:
        raise Faults(path, faults)
    return mapping


def _faults(mapping: Mapping) -> Iterator[Fault]:
    names: set[str] = set()
    for index, records in enumerate(mapping.records):
        loc: Loc = ("records", index)
        if records.name in names:
            yield (*loc, "name"), f"records {records.name!r} stand twice; give one of them another name"
        names.add(records.name)
        yield from _block_faults(mapping, records, loc)


def _block_faults(mapping: Mapping, records: Records, loc: Loc) -> Iterator[Fault]:
    if (records.files is None) == (mapping.site is not None):
        need = "files: which files hold them" if mapping.site else "no files, as there is no site to import into"
        yield (*loc, "files"), f"records {records.name!r} need {need}"
    if not records.key:
        yield (*loc, "key"), "expected at least one column"
    for lookup in records.join.keys() - mapping.lookups.keys():
        yield (*loc, "join", lookup), f"there is no lookup {lookup!r}; {near(lookup, list(mapping.lookups))}"
    noun = nouns().get(records.noun)
    if noun is None:
        yield (*loc, "noun"), f"there is no noun {records.noun!r}; {near(records.noun, list(nouns()))}"
        return
    if records.scrap_by and noun.name != "counts":
        yield (*loc, "scrap_by"), "only counts have scrap by reason; remove it"
    yield from _field_faults(mapping, records, noun, loc)


def _field_faults(mapping: Mapping, records: Records, noun: RecordNoun, loc: Loc) -> Iterator[Fault]:
    for name in noun.required:
        if name not in records.fields:
            yield (*loc, "fields"), f"{noun.name} need the field {name}; add where it comes from"
    for name, given in records.fields.items():
        here: Loc = (*loc, "fields", name)
        target = noun.fields.get(name)
        if target is None:
            yield here, f"{noun.name} have no field {name!r}; {near(name, list(noun.fields))}"
        elif given.unit and target.unit and unit_factor(given.unit, target.unit) is None:
            yield (*here, "unit"), f"{given.unit!r} cannot be turned into {target.unit}"
        for wanted in (given.shift_start, given.shift_end):
            if wanted and mapping.calendar is None:
                yield here, "a shift needs its hours: add calendar: {shifts: […]}"
        for lookup in _lookups(given):
            if lookup in mapping.lookups and lookup not in records.join:
                yield here, f"reads {lookup!r}, but nothing says which row: add join: {{{lookup}: COLUMN}}"


def _lookups(given: FieldFrom) -> set[str]:
    return {column.partition(".")[0] for column in columns_of(given) if "." in column}


def columns_of(given: FieldFrom) -> set[str]:
    """The columns that a field is made of."""
    found = {given.column} if given.column else set()
    found |= parse(given.calc).columns if given.calc else set()
    found |= {name for _, name, _, _ in Formatter().parse(given.text) if name} if given.text else set()
    for shift in (given.shift_start, given.shift_end):
        found |= {shift.date, shift.shift} if shift else set()
    return found
