"""What an equipment's hours are computed by. If any of it changes, what was kept is not used any more."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Machine, ProductFact
from mom.store.no_order import TELLS
from mom.store.plants import Layout
from mom.store.products import products_of
from mom.store.sources import REPORTED, TAGS

MOM = Path(__file__).resolve().parents[1]
CODE = (
    *("kpis/elements.py", "kpis/times.py", "kpis/pieces.py", "kpis/scope.py", "kpis/catalogue.py", "kpis/kpi.py"),
    *("history/classes*.py", "history/calendar.py", "history/packml.py", "losses/cut.py", "rollups/piece.py"),
    *("store/facts.py", "store/counts.py", "store/states.py", "store/stops.py", "store/uncounted.py"),
    "store/no_order.py",
)
"""The files that say how an hour becomes elements: hours of another version of them are made anew."""


def kept_paths(layout: Layout) -> list[str]:
    """The machines and lines with a constraint: what everything else is a sum of."""
    return [path for path in layout.machines if layout.constraint(path) is not None]


def parts_of(layout: Layout, path: str) -> list[Machine]:
    """Whose rows the elements of `path` are made of: its own, its machines', its line's."""
    machine = layout.machines[path]
    found = [
        machine,
        *layout.units(path),
        *([layout.machines[machine.line]] if machine.line in layout.machines else []),
    ]
    return list(dict.fromkeys(found))


async def digests_of(session: AsyncSession, layout: Layout, paths: list[str]) -> dict[str, str]:
    """What each path's hours are computed by, as a digest. A path that no source of states tells of has none: what
    systems report by the shift is few rows, and does not end with the hour."""
    products = await products_of(session, layout)
    ids = {m.id for path in paths for m in parts_of(layout, path)}
    values = {"site": layout.site.id, "ids": list(ids)}
    told = {row[0]: row[1:3] for row in (await session.execute(TAGS, values)).all()}
    reported = {path for (path,) in (await session.execute(REPORTED, values)).all()}
    lines = {m.id: m.path for path in paths for m in parts_of(layout, path)}
    tells = {
        lines[row[0]] for row in (await session.execute(TELLS, {"site": layout.site.id, "ids": list(lines)})).all()
    }
    ground = _ground(layout)
    found: dict[str, str] = {}
    for path in paths:
        focus = layout.constraint(path)
        if focus is None or not told.get(focus.path, (False,))[0]:
            continue
        parts = parts_of(layout, path)
        counted = [bool(told.get(m.path, (0, 0))[1]) or m.path in reported for m in parts]
        orders = layout.machines[path].line in tells
        content = [ground, path, focus.path, [asdict(m) for m in parts], counted, orders, _standards(products, parts)]
        found[path] = hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]
    return found


def _standards(products: Mapping[str, ProductFact], parts: list[Machine]) -> list[list[Any]]:
    """What a product may take here, and what it costs."""
    return [[p.id, p.material_cost, *(p.rates.get(m.path) for m in parts)] for _, p in sorted(products.items())]


def _ground(layout: Layout) -> list[Any]:
    plant = layout.plant
    words = plant.model_dump(mode="json", include={"calendar", "minor_stop", "set_ups", "costs"}) if plant else None
    return [code_digest(), layout.site.time_zone, words]


@cache
def code_digest() -> str:
    """Of the files that make an hour's elements."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files())).hexdigest()


def _files() -> Iterator[Path]:
    for pattern in CODE:
        yield from sorted(MOM.glob(pattern))
