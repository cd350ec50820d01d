"""Find the leaves of a package: they are found by being there."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def import_all(package: ModuleType) -> list[ModuleType]:
    """Import every module of `package`. One that fails to import stops the program, by name."""
    return [import_module(info.name) for info in iter_modules(package.__path__, package.__name__ + ".")]


def discover(package: ModuleType, kind: type[T]) -> dict[str, T]:
    """The objects of `kind` defined in the modules of `package`, by their `name`, sorted by it."""
    found: dict[str, T] = {}
    for module in import_all(package):
        for value in vars(module).values():
            if isinstance(value, kind):
                name: str = value.name  # type: ignore[attr-defined]
                if found.setdefault(name, value) is not value:
                    raise TypeError(f"{package.__name__} has two {kind.__name__} named {name!r}.")
    return dict(sorted(found.items()))
