"""Build the frozen facts that KPIs, loss rules and causes look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput
from mom.facts import (
    CountSpan,
    Facts,
    Machine,
    SetUpStandard,
    StateSpan,
    StopSpan,
    Window,
)
from mom.models import Equipment
from mom.store.equipment import find_equipment
from mom.store.plants import Layout, layout_of
from mom.store.scene_rows import SceneRows, rows_of, told_by
from mom.store.signals import signals_in
from mom.store.sources import Sources

FINE = timedelta(days=2)
"""Up to this long a window's counts are told by the minute, beyond by the hour."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole site in one window, read once: the facts of any of its equipment are cut from it."""

    layout: Layout
    window: Window
    now: datetime
    facts: Mapping[str, Facts]  # by path; of lines and machines


async def facts(
    session: AsyncSession, equipment: Equipment | str, window: Window, now: datetime, *, signals: bool = False
) -> Facts:
    """All that is known of `equipment` in `window`, up to `now`.

    A line's states and stops are its constraint's, its counts end to end (mom.store.facts.end_to_end); a line of
    parallel machines without a constraint has the rows of all. `signals`: with its measured quantities.
    Raises NotFound, BadInput (a window that is empty or lies in the future).
    """
    node = equipment if isinstance(equipment, Equipment) else await find_equipment(session, equipment)
    layout = await layout_of(session, node.site_id)
    scene = await scene_of(session, layout, window, now, only=[node.path])
    found = scene.facts[node.path]
    if signals:
        machines = [m.id for m in told_by(layout, node.path)]
        found = replace(found, signals=await signals_in(session, machines, found.window))
    return found


async def scene_of(
    session: AsyncSession,
    layout: Layout,
    window: Window,
    now: datetime,
    *,
    only: Collection[str] | None = None,
    fine: bool | None = None,
) -> Scene:
    """The facts of all equipment of a site (`only`: of these paths), in one round trip. `fine`: counts by the minute."""
    window = until_now(window, now)
    fine = window.end - window.start <= FINE if fine is None else fine
    wanted = list(layout.machines) if only is None else list(only)
    rows = await rows_of(session, layout, wanted, window, now, fine)
    ground = replace(_ground(layout, window, now), products=rows.products)
    return Scene(layout, window, now, {path: _facts_of(layout, path, rows, ground) for path in wanted})


def _facts_of(layout: Layout, path: str, rows: SceneRows, ground: Facts) -> Facts:
    """The facts of one path, cut from the rows of the scene."""
    machine, focus, sources = layout.machines[path], _focus(layout, path), rows.sources
    window, now = ground.window, ground.now
    return replace(
        ground,
        machine=machine,
        constraint=None if machine.line in layout.feeds.values() else layout.constraint(machine.line),
        states=_known(tuple(s for m in focus for s in rows.states.get(m.path, ())), sources, window, now),
        stops=tuple(_heard(s, sources, now) for m in focus for s in rows.stops.get(m.path, ())),
        alarms=tuple(a for m in focus for a in rows.alarms.get(m.path, ())),
        counts=_counts_of(layout, path, rows.counts),
        runs=tuple(rows.runs.get(machine.line, ())),
        uncounted={m.path: rows.uncounted[m.path] for m in focus if m.path in rows.uncounted},
        line_hour=line_hour(layout, machine.line),
        has_states=any(m.path in sources.states for m in focus),
        reported=sources.reported,
        has_counts=any(m.path in sources.counts for m in focus),
        has_orders=machine.line in rows.orders.tells,
        no_order=rows.orders.without.get(machine.line, ()),
        change_overs={m.path: rows.changing[m.path] for m in focus if m.path in rows.changing},
        corrected=tuple(span for m in focus for span in rows.said.get(m.path, ())),
    )


def until_now(window: Window, now: datetime) -> Window:
    """The part of the window that has passed. Raises BadInput when there is none."""
    if window.end <= window.start:
        raise BadInput(
            f"The window ends ({window.end:%Y-%m-%d %H:%M}) before it begins ({window.start:%Y-%m-%d %H:%M})."
        )
    if window.start >= now:
        raise BadInput(f"The window begins at {window.start:%Y-%m-%d %H:%M}, which is not yet past.")
    return Window(window.start, min(window.end, now))


def end_to_end(
    counts: Mapping[str, tuple[CountSpan, ...]], flow: list[Machine], constraint: Machine
) -> list[CountSpan]:
    """A line's counts: what its constraint made; of that, what it or a machine behind it threw out is not good.

    Scrap before the constraint costs material, not the constraint's time: it is a loss of its own, not in here.
    """
    made = list(counts.get(constraint.path, ()))
    behind = [m for m in flow if m.position > constraint.position and m.line == constraint.line]
    for machine in behind:
        touched = (span for span in counts.get(machine.path, ()) if span.scrap or span.rework)
        made.extend(replace(span, produced=0.0, good=-span.scrap, ideal_seconds=None) for span in touched)
    return made


def _counts_of(layout: Layout, path: str, counts: Mapping[str, tuple[CountSpan, ...]]) -> tuple[CountSpan, ...]:
    """In order of their start, as all spans of facts are, also where they are several machines'."""
    units = layout.units(path)
    constraint = layout.constraint(path)
    if units and constraint:
        found = end_to_end(counts, layout.flow(path), constraint)
    else:
        found = [span for machine in units or [layout.machines[path]] for span in counts.get(machine.path, ())]
    return tuple(sorted(found, key=lambda span: span.start))


def _focus(layout: Layout, path: str) -> list[Machine]:
    """The machines whose states are those of `path`."""
    constraint = layout.constraint(path)
    return [constraint] if constraint else layout.units(path)


def _known(spans: tuple[StateSpan, ...], sources: Sources, window: Window, now: datetime) -> tuple[StateSpan, ...]:
    """An open state is believed only as long as its source was heard; after that it is unknown."""
    found: list[StateSpan] = []
    for span in spans:
        heard = sources.heard.get(span.equipment, now)
        if span.open and heard < now:
            end = max(heard, span.start)
            found.append(replace(span, end=end))
            found.append(replace(span, id=0, start=end, state="Unknown", detail="", mode=""))
        else:
            found.append(span)
    return tuple(found)


def _heard(stop: StopSpan, sources: Sources, now: datetime) -> StopSpan:
    """An open stop grows only as long as its source was heard; it stays open."""
    heard = sources.heard.get(stop.equipment, now)
    return replace(stop, end=max(heard, stop.start)) if stop.open and heard < now else stop


def line_hour(layout: Layout, line: str) -> Decimal:
    costs = layout.plant.costs.line_hour if layout.plant else {}
    return costs.get(line.partition("/")[2], Decimal(0))


def _ground(layout: Layout, window: Window, now: datetime) -> Facts:
    """What is the same for all equipment of the site."""
    plant, code = layout.plant, layout.site.code
    any_machine = Machine(0, code, layout.site.name, "site", code)
    base = Facts(code, layout.zone, layout.site.currency, any_machine, window, now, shifts=layout.shifts(window))
    if plant is None:
        return replace(base, no_calendar=True)
    return replace(
        base,
        set_ups=tuple(
            SetUpStandard(f"{code}/{s.line}", s.from_product, s.to_product, s.standard.total_seconds())
            for s in plant.set_ups
        ),
        minor_stop=plant.minor_stop,
        energy_kwh=plant.costs.energy_kwh,
    )
