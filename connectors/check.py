"""Find the connectors and make them from a plant file; what they cannot work with is refused: file, line, remedy."""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from pydantic import ValidationError

import connectors
from connectors.connector import Connector
from mom.errors import BadInput
from mom.plant.load import load_plant
from mom.plant.schema import Connector as Block
from mom.plant.schema import Plant
from mom.yaml_file import Faults, Loc, YamlFile


def connector_kind(protocol: str) -> type[Connector] | None:
    """The connector of a protocol, found by being there: the subclass in the file of that name."""
    if protocol not in _files():
        return None
    module = import_module(f"{connectors.__name__}.{protocol}").__name__
    here = (kind for kind in Connector.__subclasses__() if kind.__module__ == module)
    return next((kind for kind in here if kind.protocol == protocol), None)


def protocols() -> list[str]:
    """Every protocol that a plant file may name."""
    return [name for name in _files() if connector_kind(name)]


def _files() -> list[str]:
    """A name with an underscore is a part of something else, and may be slow to import."""
    return sorted(info.name for info in iter_modules(connectors.__path__) if "_" not in info.name)


def make_connector(block: Block) -> Connector:
    """The connector of one block that `check_plant` has let pass."""
    kind = connector_kind(block.protocol)
    if kind is None:
        raise BadInput(_unknown(block.protocol))
    return kind.model_validate(block.options | {"tags": block.tags})


def check_plant(path: Path) -> Plant:
    """`load_plant`, and what every connector has to say about its own block; all faults at once."""
    plant = load_plant(path)
    file = YamlFile(path)
    faults = [fault for index, block in enumerate(plant.connectors) for fault in _faults(file, index, block)]
    if faults:
        raise Faults(path, faults)
    return plant


def _faults(file: YamlFile, index: int, block: Block) -> Iterator[tuple[int, str]]:
    here: Loc = ("connectors", index)
    kind = connector_kind(block.protocol)
    if kind is None:
        yield file.line((*here, "protocol")), _unknown(block.protocol)
        return
    try:
        kind.model_validate(block.options | {"tags": block.tags})
    except ValidationError as error:
        for line, text in file.faults(kind, error, here):
            yield line, f"connector {block.id}: {text}"
    for number, tag in enumerate(block.tags):
        for field, text in kind.tag_faults(tag):
            yield file.line((*here, "tags", number, field)), f"tag {tag.id}: {field}: {text}"


def _unknown(protocol: str) -> str:
    known = protocols()
    near = get_close_matches(protocol, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return f"protocol {protocol!r}: there is no such connector; {hint}"
