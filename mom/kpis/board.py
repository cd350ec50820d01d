"""Every KPI of one piece of equipment and window, as figures: computed, or saying what is missing."""

from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

import mom.kpis
from mom.discover import discover
from mom.facts import Window
from mom.figures import Figure, Source
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements, Kpi
from mom.models import Equipment
from mom.store.equipment import find_equipment
from mom.store.facts import scene_of, until_now
from mom.store.plants import Layout, layout_of

ORDER = (
    "oee",
    "availability",
    "effectiveness",
    "quality_ratio",
    "produced",
    "good",
    "scrap",
    "scrap_ratio",
    "throughput",
)
"""What people ask for first stands first; the rest by name."""
PIECES = frozenset({"PQ", "GQ", "SQ", "RQ", "PRI*PQ"})
"""Elements that counters tell."""


@cache
def definitions() -> dict[str, Kpi]:
    """Every KPI by name, in the order in which they are shown."""
    found = discover(mom.kpis, Kpi)
    first = {name: found[name] for name in ORDER if name in found}
    return {**first, **{name: kpi for name, kpi in found.items() if name not in first}}


async def kpis(session: AsyncSession, equipment: Equipment | str, window: Window, now: datetime) -> list[Figure]:
    """Every KPI of `equipment` (a row, a path or a name) in `window`, up to `now`.

    Lines, areas and parallel machines are rolled up by summing elements. Raises NotFound, BadInput.
    """
    node = equipment if isinstance(equipment, Equipment) else await find_equipment(session, equipment)
    layout = await layout_of(session, node.site_id)
    made = await elements_of(session, layout, node.path, window, now)
    return figures(made, node.path, until_now(window, now))


async def elements_of(session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime) -> Elements:
    """The elements of `path`: its own, or the sum of what lies below it."""
    parts = whole_parts(layout, path)
    scene = await scene_of(session, layout, window, now, only=parts)
    made = [elements(scene.facts[part]) for part in parts]
    return sum(made[1:], made[0])


def whole_parts(layout: Layout, path: str) -> list[str]:
    """What is summed for `path`: a machine or a line with a constraint itself, of all else its parts, down the tree."""
    units = layout.units(path)
    if not units or layout.constraint(path) is not None:
        return [path]
    return [part for unit in units for part in whole_parts(layout, unit.path)]


def figures(made: Elements, path: str, window: Window) -> list[Figure]:
    return [_figure(kpi, made, path, window) for kpi in definitions().values()]


def _figure(kpi: Kpi, made: Elements, path: str, window: Window) -> Figure:
    missing = [
        f"not computable: {why}" for why in dict.fromkeys(made.missing[n] for n in kpi.needs if n in made.missing)
    ]
    value: float | None = None
    of_pieces = any(need in PIECES for need in kpi.needs)
    coverage = made.counted if of_pieces else made.coverage
    if not missing and coverage < kpi.min_coverage:
        what = "counted" if coverage < made.coverage else "seen"
        missing.append(
            f"only {100 * coverage:.1f} % of the window was {what}, {100 * kpi.min_coverage:.0f} % are needed"
        )
    if not missing:
        value = kpi.compute(made.values)
        if value is None:
            missing.append(kpi.undefined)
    query = {"equipment": path, "from": window.start.isoformat(), "to": window.end.isoformat()}
    return Figure(
        name=kpi.name,
        title=kpi.title,
        value=value,
        unit=kpi.unit,
        from_at=window.start,
        to_at=window.end,
        coverage=coverage,
        definition=kpi.definition,
        source=Source(made.rows.get(kpi.noun, 0), f"/api/v1/rows/{kpi.noun}?{urlencode(query)}"),
        missing=tuple(missing),
        note=_note(kpi, made, value),
        more={name: made.values[name] for name in kpi.needs if name in made.values},
    )


def _note(kpi: Kpi, made: Elements, value: float | None) -> str:
    if value is None:
        return ""
    own = [kpi.note(made.values, value)]
    return " ".join(text for text in (*own, *(made.notes if "PT" in kpi.needs else ())) if text)
