"""What an equipment's hours are computed by. If any of it changes, what was kept is not used any more."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import text

from mom.facts import Machine
from mom.store.plants import Layout
from mom.store.request import Request, Rows

MOM = Path(__file__).resolve().parents[1]
CODE = (
    *("kpis/elements.py", "kpis/times.py", "kpis/pieces.py", "kpis/scope.py", "kpis/catalogue.py", "kpis/kpi.py"),
    *("history/classes*.py", "history/calendar.py", "history/packml.py", "losses/cut.py", "rollups/piece.py"),
    *("store/facts.py", "store/counts.py", "store/states.py", "store/stops.py", "store/uncounted.py"),
    *("store/no_order.py", "store/change_overs.py", "store/corrections.py", "store/scene_rows.py", "store/sources.py"),
)
"""The files that say how an hour becomes elements: hours of another version of them are made anew."""

TOLD = text("""
SELECT e.id, bool_or(t.meaning = 'state'), bool_or(t.meaning IN ('produced', 'good', 'scrap')),
  bool_or(t.meaning IN ('order', 'product')), EXISTS (SELECT FROM counts c WHERE c.equipment_id = e.id),
  (SELECT md5(string_agg(concat_ws(' ', p.key, p.material_cost), ',' ORDER BY p.key)) FROM products p
   WHERE p.site_id = :site AND upper_inf(p.recorded))
FROM unnest(CAST(:ids AS int[])) AS e(id) LEFT JOIN tags t ON t.equipment_id = e.id AND t.active GROUP BY e.id
""")
"""What tells of each machine (as mom/store/sources.py asks), and what products cost."""


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


def digests_wanted(layout: Layout, parts: Mapping[str, Sequence[Machine]]) -> Request[dict[str, str]]:
    """What each path's hours are computed by, as a digest; `parts` says whose rows they are made of (`parts_of`).

    A path that no source of states tells of has none: what systems report by the shift is few rows, and does not end
    with the hour.
    """

    def read(rows: Rows) -> dict[str, str]:
        told = {row[0]: row for row in rows}
        ground = _ground(layout)
        found: dict[str, str] = {}
        for path, machines in parts.items():
            focus = layout.constraint(path)
            if focus is not None and told[focus.id][1]:
                content = repr((ground, focus.path, machines, [told[m.id] for m in machines]))
                found[path] = hashlib.sha256(content.encode()).hexdigest()[:32]
        return found

    ids = {m.id for machines in parts.values() for m in machines}
    return Request(((TOLD, {"site": layout.site.id, "ids": list(ids)}),), read)


def _ground(layout: Layout) -> str:
    """What is the same for all of a site."""
    plant = layout.site.plant or {}
    words = {name: plant.get(name) for name in ("calendar", "minor_stop", "set_ups", "costs", "products")}
    content = [code_digest(), layout.site.time_zone, layout.plant is None, words]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Of the files that make an hour's elements."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files())).hexdigest()


def _files() -> Iterator[Path]:
    for pattern in CODE:
        yield from sorted(MOM.glob(pattern))
