"""Every KPI of one piece of equipment and window, as figures: computed, or saying what is missing."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

import mom.kpis
from mom.discover import discover
from mom.facts import Window
from mom.figures import Figure, Source
from mom.history.calendar import merged
from mom.kpis.catalogue import not_given
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements, Kpi
from mom.kpis.parts.part import Sight
from mom.kpis.scope import WHOLE, Scope, in_scope, in_shift
from mom.kpis.told import told
from mom.kpis.whole import whole
from mom.models import Equipment
from mom.people.attendance import people_withheld
from mom.rollups.read import elements_over
from mom.store.equipment import find_equipment
from mom.store.facts import scene_of, until_now
from mom.store.papers.asked import AskedPapers
from mom.store.papers.read import papers_of
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
NEVER_ON = "what was asked for was not on in this window"
"""A product or order that did not run, a shift or crew that did not work: no time at all."""


@cache
def definitions() -> dict[str, Kpi]:
    """Every KPI by name, in the order in which they are shown."""
    found = discover(mom.kpis, Kpi)
    first = {name: found[name] for name in ORDER if name in found}
    return {**first, **{name: kpi for name, kpi in found.items() if name not in first}}


async def kpis(
    session: AsyncSession, equipment: Equipment | str, window: Window, now: datetime, scope: Scope = WHOLE
) -> list[Figure]:
    """Every KPI of `equipment` (a row, a path or a name) in `window`, up to `now`, of all or of what `scope` names.

    Lines, areas and parallel machines are rolled up by summing elements. Raises NotFound, BadInput.
    """
    node = equipment if isinstance(equipment, Equipment) else await find_equipment(session, equipment)
    layout = await layout_of(session, node.site_id)
    made = await elements_of(session, layout, node.path, window, now, scope)
    return figures(made, node.path, until_now(window, now), layout.site.currency)


async def elements_of(
    session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime, scope: Scope = WHOLE
) -> Elements:
    """The elements of `path`: its own, or the sum of what lies below it; and what other systems told of it.

    Of all (no scope), whole hours come from what is kept (mom.rollups), else from the rows: to the same figures.
    """
    parts, paths = whole_parts(layout, path), asked_for(layout, path)
    windows: tuple[Window, ...]
    shifts: tuple[Window, ...]
    if scope.is_whole:
        made = await elements_over(session, layout, paths, window, now)
        windows = (until_now(window, now),)
        shifts = windows
    else:
        scene = await scene_of(session, layout, window, now, only=paths)
        made = {name: elements(facts, scope) for name, facts in scene.facts.items()}
        windows = merged(cut for part in parts for cut in in_scope(scene.facts[part], scope))
        shifts = in_shift(scene.facts[parts[0]], scope)
    counters = [(layout.constraint(part) or layout.machines[part]).id for part in parts]
    asked = AskedPapers(
        session, layout.site.id, path, until_now(window, now), now, windows, shifts, counters,
        product=scope.product, order=scope.order,
    )  # fmt: skip
    papers = await papers_of(asked, layout.machines[path].name if path in layout.machines else layout.site.name)
    others = told(Sight(papers, scope, windows, shifts))
    if "APAT" in others.values and (why := await people_withheld(session, layout, path, asked.window, now, scope)):
        others = others.without(("APWT", "APAT"), why)
    return whole_of(layout, path, made).beside(others)


def whole_parts(layout: Layout, path: str) -> list[str]:
    """What is summed for `path`: a machine or a line with a constraint itself, of all else its parts, down the tree."""
    units = layout.units(path)
    if not units or layout.constraint(path) is not None:
        return [path]
    return [part for unit in units for part in whole_parts(layout, unit.path)]


def asked_for(layout: Layout, path: str) -> list[str]:
    """Whose elements `whole_of` puts together."""
    parts = whole_parts(layout, path)
    beside = [_beside(layout, part) for part in parts]
    return list(dict.fromkeys([*parts, *(name for units, first in beside for name in (*units, first))]))


def whole_of(layout: Layout, path: str, made: Mapping[str, Elements]) -> Elements:
    """The elements of `path` from those of its machines and lines: time and pieces, without what other systems told."""
    wholes = []
    for part in whole_parts(layout, path):
        units, first = _beside(layout, part)
        wholes.append(whole(made[part], [made[unit] for unit in units], made[first]))
    return sum(wholes[1:], wholes[0])


def _beside(layout: Layout, part: str) -> tuple[list[str], str]:
    """The machines of a line (none: it is a machine), and the first machine of its line."""
    line = layout.machines[part].line
    units = [unit.path for unit in layout.units(part)]
    return units, next((unit.path for unit in layout.units(line)), part)


def figures(made: Elements, path: str, window: Window, currency: str = "EUR") -> list[Figure]:
    return [_figure(kpi, made, path, window, currency) for kpi in definitions().values()]


def _figure(kpi: Kpi, made: Elements, path: str, window: Window, currency: str) -> Figure:
    missing = [f"not computable: {why}" for why in dict.fromkeys(_whys(kpi, made))]
    value: float | None = None
    coverage = _coverage(kpi, made)
    if not made.seconds:
        missing = [NEVER_ON]
    if not missing and coverage < kpi.min_coverage:
        what = "counted" if "pieces" in kpi.groups and coverage < made.coverage else "seen"
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
        unit=currency if kpi.unit == "money" else kpi.unit,
        from_at=window.start,
        to_at=window.end,
        coverage=coverage,
        definition=kpi.definition,
        source=Source(made.rows.get(kpi.noun, 0), f"/api/v1/rows/{kpi.noun}?{urlencode(query)}"),
        missing=tuple(missing),
        note=_note(kpi, made, value),
        more={name: made.values[name] for name in kpi.needs if name in made.values},
    )


def _whys(kpi: Kpi, made: Elements) -> Iterator[str]:
    """What is missing, and who would give it."""
    for name in kpi.needs:
        if name in made.missing:
            yield made.missing[name]
        elif name not in made.values:
            yield not_given(name)


def _coverage(kpi: Kpi, made: Elements) -> float:
    """Of what it is made of, the least seen: states, counters, and each system since it told anything."""
    seen = {"time": made.coverage, "pieces": made.counted}
    seen |= {name: seconds / made.seconds for name, seconds in made.heard.items() if made.seconds}
    return min((seen.get(group, 1.0) for group in kpi.groups), default=1.0)


def _note(kpi: Kpi, made: Elements, value: float | None) -> str:
    if value is None:
        return ""
    own = [kpi.note(made.values, value)]
    return " ".join(text for text in (*own, *(made.notes if "PT" in kpi.needs else ())) if text)
