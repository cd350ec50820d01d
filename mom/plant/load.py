"""Read a plant file and check what no single block can see: names that repeat, names that point nowhere."""

from collections.abc import Iterator
from pathlib import Path

from mom.plant.names import name_faults
from mom.plant.schema import Plant
from mom.plant.shifts import shift_faults
from mom.plant.tree import equipment_of, walk
from mom.yaml_file import Faults, Loc, YamlFile


def load_plant(path: Path) -> Plant:
    """The plant of `path`. Everything that is wrong is said at once, each with its line."""
    file = YamlFile(path)
    plant = file.into(Plant)
    faults = [(file.line(loc), text) for loc, text in _faults(plant, path.parent)]
    if faults:
        raise Faults(path, faults)
    return plant


def _faults(plant: Plant, folder: Path) -> Iterator[tuple[Loc, str]]:
    yield from _equipment_faults(plant)
    yield from _tag_faults(plant)
    yield from _pointer_faults(plant)
    yield from shift_faults(plant.calendar)
    yield from name_faults(plant, equipment_of(plant).keys(), folder)


def _equipment_faults(plant: Plant) -> Iterator[tuple[Loc, str]]:
    seen: set[str] = set()
    paths = {path for path, _, _ in walk(plant.equipment)}
    for path, node, loc in walk(plant.equipment):
        if path in seen:
            yield (*loc, "id"), f"equipment {path} stands twice; give one of them another id"
        seen.add(path)
        if node.constraint and node.constraint not in {unit.id for unit in node.units}:
            yield (*loc, "constraint"), f"constraint {node.constraint!r} is not a unit of {path}; name one of its units"
        if node.feeds and node.feeds not in paths:
            yield (*loc, "feeds"), f"feeds {node.feeds!r}: there is no such equipment"


def _tag_faults(plant: Plant) -> Iterator[tuple[Loc, str]]:
    paths = {path for path, _, _ in walk(plant.equipment)}
    tags: dict[str, str] = {}
    connectors: set[str] = set()
    for c, connector in enumerate(plant.connectors):
        if connector.id in connectors:
            yield ("connectors", c, "id"), f"connector {connector.id} stands twice; give one of them another id"
        connectors.add(connector.id)
        for t, tag in enumerate(connector.tags):
            loc: Loc = ("connectors", c, "tags", t)
            if tag.id in tags:
                yield (*loc, "id"), f"tag {tag.id} stands twice (also in {tags[tag.id]}); give one of them another id"
            tags[tag.id] = connector.id
            if tag.equipment not in paths:
                yield (
                    (*loc, "equipment"),
                    f"tag {tag.id}: there is no equipment {tag.equipment!r} in this file; add it or correct the path",
                )


def _pointer_faults(plant: Plant) -> Iterator[tuple[Loc, str]]:
    paths = {path for path, _, _ in walk(plant.equipment)}
    products = {product.id for product in plant.products}
    shifts = {shift.name for shift in plant.calendar.shifts}
    for p, product in enumerate(plant.products):
        for path in product.rates.keys() - paths:
            yield ("products", p, "rates", path), f"product {product.id}: there is no equipment {path!r}"
    for s, set_up in enumerate(plant.set_ups):
        if set_up.line not in paths:
            yield ("set_ups", s, "line"), f"there is no equipment {set_up.line!r}"
        for key, product_id in (("from", set_up.from_product), ("to", set_up.to_product)):
            if product_id is not None and product_id not in products:
                yield ("set_ups", s, key), f"there is no product {product_id!r}"
    for e, exception in enumerate(plant.calendar.exceptions):
        for name in exception.shifts:
            if name not in shifts:
                yield (
                    ("calendar", "exceptions", e, "shifts"),
                    f"there is no shift {name!r}; known: {', '.join(sorted(shifts))}",
                )
    for path in plant.costs.line_hour.keys() - paths:
        yield ("costs", "line_hour", path), f"there is no equipment {path!r}"
