"""What an equipment's hours are computed by. If any of it changes, what was kept is not used any more."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from mom.facts import Machine, ProductFact
from mom.store.facts import line_hour
from mom.store.plants import Layout
from mom.store.products import products_wanted
from mom.store.request import Request, Rows
from mom.store.rollups import Basis

MOM = Path(__file__).resolve().parents[1]
CODE = (
    *("kpis/elements.py", "kpis/times.py", "kpis/pieces.py", "kpis/scope.py", "kpis/catalogue.py", "kpis/kpi.py"),
    *("history/classes*.py", "history/calendar.py", "history/packml.py", "losses/cut.py", "losses/start_up.py"),
    *("facts.py", "rollups/piece.py", "rollups/make.py", "rollups/vector.py"),
    *("store/facts.py", "store/counts.py", "store/states.py", "store/stops.py", "store/uncounted.py"),
    *("store/no_order.py", "store/change_overs.py", "store/corrections.py", "store/scene_rows.py", "store/sources.py"),
    "store/products.py",
)
"""The files that say how an hour becomes elements: hours of another version of them are made anew."""

TOLD = text("""
SELECT e.id, bool_or(t.meaning = 'state'), bool_or(t.meaning IN ('produced', 'good', 'scrap')),
  bool_or(t.meaning IN ('order', 'product')), EXISTS (SELECT FROM counts c WHERE c.equipment_id = e.id)
FROM unnest(CAST(:ids AS int[])) AS e(id) LEFT JOIN tags t ON t.equipment_id = e.id AND t.active GROUP BY e.id
""")
"""What tells of each machine, as mom/store/sources.py asks."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What hours of a site are computed by now. `parts`: by path, whose rows they are made of (`parts_of`)."""

    layout: Layout
    parts: Mapping[str, Sequence[Machine]]
    told: Mapping[int, tuple[Any, ...]]
    products: Mapping[str, ProductFact]
    _sites: dict[date | None, str] = field(default_factory=dict, repr=False, compare=False)

    def keeps(self, path: str) -> bool:
        """Not what no source of states tells of: what systems report by the shift is few rows, and does not end with the
        hour."""
        focus = self.layout.constraint(path)
        return focus is not None and bool(self.told[focus.id][1])

    def holds(self, path: str, basis: Basis) -> bool:
        return self.keeps(path) and basis.digest == self.digest(path, basis)

    def signed(self, path: str, basis: Basis) -> Basis:
        """The basis with the digest that it has by now."""
        return replace(basis, digest=self.digest(path, basis))

    def digest(self, path: str, basis: Basis) -> str:
        """Of what the hours that `basis` has were computed by: of products those that it made, of the calendar's
        exceptions those up to its last day. What comes beside these leaves it as it is."""
        layout, focus = self.layout, self.layout.constraint(path)
        line = layout.machines[path].line
        content = (
            self._site(basis.built.end.astimezone(layout.zone).date() if basis.built else None),
            focus.path if focus else None,
            (line, line in layout.feeds.values(), line_hour(layout, line)),
            [(m.path, m.name, m.level, m.line, m.is_constraint, m.ideal_rate) for m in self.parts[path]],
            [self.told[m.id] for m in self.parts[path]],
            [self._product(path, key) for key in sorted(basis.products)],
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()[:32]

    def _product(self, path: str, key: str) -> tuple[Any, ...]:
        known = self.products.get(key)
        return (key, known.material_cost, known.rates.get(path)) if known else (key,)

    def _site(self, until: date | None) -> str:
        """What is the same for all of a site."""
        if until not in self._sites:
            plant = self.layout.site.plant or {}
            calendar = dict(plant.get("calendar") or {})
            told = calendar.get("exceptions") or ()
            calendar["exceptions"] = [one for one in told if until and one["date"] <= until.isoformat()]
            zone, minor_stop = self.layout.site.time_zone, plant.get("minor_stop")
            content = [code_digest(), zone, self.layout.plant is None, calendar, minor_stop]
            self._sites[until] = json.dumps(content, sort_keys=True, default=str)
        return self._sites[until]


def ground_wanted(layout: Layout, parts: Mapping[str, Sequence[Machine]]) -> Request[Ground]:
    ids = {m.id for machines in parts.values() for m in machines}
    products = products_wanted(layout)

    def read(told: Rows, known: Rows) -> Ground:
        return Ground(layout, parts, {row[0]: row for row in told}, products.read(known))

    return Request(((TOLD, {"ids": list(ids)}), *products.statements), read)


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


@cache
def code_digest() -> str:
    """Of the files that make an hour's elements."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files())).hexdigest()


def _files() -> Iterator[Path]:
    for pattern in CODE:
        yield from sorted(MOM.glob(pattern))
