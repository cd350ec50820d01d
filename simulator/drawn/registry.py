"""Every kind of trouble that a plant may be given: found by being in `troubles/`."""

from importlib import import_module
from pkgutil import iter_modules

import simulator.drawn.troubles
from simulator.drawn.scene import TroubleKind


def all_kinds() -> dict[str, TroubleKind]:
    names = sorted(info.name for info in iter_modules(simulator.drawn.troubles.__path__))
    modules = [import_module(f"{simulator.drawn.troubles.__name__}.{name}") for name in names]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, TroubleKind)]
    return {kind.name: kind for kind in kinds}
