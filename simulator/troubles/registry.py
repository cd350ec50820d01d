"""The troubles that are there: every file of this folder."""

import importlib
import pkgutil

import simulator.troubles
from simulator.troubles.trouble import Trouble


def all_troubles() -> dict[str, type[Trouble]]:
    """Name to class, in the order of names."""
    found: dict[str, type[Trouble]] = {}
    for module in pkgutil.iter_modules(simulator.troubles.__path__):
        loaded = importlib.import_module(f"simulator.troubles.{module.name}")
        for thing in vars(loaded).values():
            if isinstance(thing, type) and issubclass(thing, Trouble) and thing is not Trouble:
                found[thing.name] = thing
    return dict(sorted(found.items()))
