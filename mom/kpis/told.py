"""The elements that other systems told of one piece of equipment: each part's, or why there is none."""

from collections.abc import Mapping
from functools import cache

import mom.kpis.parts
from mom.discover import discover
from mom.kpis.catalogue import GIVEN_BY, not_given
from mom.kpis.kpi import Elements
from mom.kpis.parts.part import Part, Sight

WORDS: Mapping[str, str] = {
    "people": "no personnel times", "team": "no hours of the maintenance team", "orders": "no production orders",
    "quality": "no inspection results", "maintenance": "no maintenance orders", "material": "no material bookings",
    "stock": "no stock levels", "energy": "no energy meter",
}  # fmt: skip


@cache
def parts() -> tuple[Part, ...]:
    return tuple(discover(mom.kpis.parts, Part).values())


def told(sight: Sight) -> Elements:
    """Values where a system tells of this equipment, else what is missing and who would give it."""
    papers, values, missing = sight.papers, dict[str, float](), dict[str, str]()
    rows: dict[str, int] = {}
    heard: dict[str, float] = {}
    for part in parts():
        source = part.group
        rows[part.noun] = max(rows.get(part.noun, 0), part.rows(papers))
        if source not in papers.since:
            missing |= {name: _missing(sight, part, source, name) for name in part.names}
            continue
        found, why = part.find(sight)
        values |= found
        missing |= why
        heard[part.group] = papers.window.overlap(papers.since[source], papers.window.end)
    return Elements(papers.window.seconds, papers.window.seconds, values, missing, rows, heard=heard)


def _missing(sight: Sight, part: Part, source: str, name: str) -> str:
    there = sight.papers.elsewhere.get(source)
    if there:
        return f"{WORDS[source]} of {sight.papers.name} itself, only of {there}; {GIVEN_BY[part.group]} would give them"
    return not_given(name, f"{WORDS[source]} of {sight.papers.name}")
