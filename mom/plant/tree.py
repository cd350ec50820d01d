"""The equipment of a plant file as a tree."""

from collections.abc import Iterator

from mom.plant.schema import Equipment, Plant
from mom.yaml_file import Loc


def equipment_of(plant: Plant) -> dict[str, Equipment]:
    """Every node of the tree by its path below the site, parents before children, in the line's order."""
    return {path: node for path, node, _ in walk(plant.equipment)}


def walk(
    nodes: tuple[Equipment, ...], parent: str = "", loc: Loc = ("equipment",)
) -> Iterator[tuple[str, Equipment, Loc]]:
    """Each node with its path and where it stands in the file."""
    for index, node in enumerate(nodes):
        path, here = f"{parent}{node.id}", (*loc, index)
        yield path, node, here
        yield from walk(node.units, f"{path}/", (*here, "units"))
