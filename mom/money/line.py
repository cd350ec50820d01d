"""A line as it can be replayed, from the facts of a scene; what is missing is said, not guessed."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.flow.line import CannotReplay, LineFacts
from mom.flow.observed import Observed, observe
from mom.flow.orders import OrderFact
from mom.store.facts import Scene
from mom.store.line_orders import line_orders
from mom.store.plants import Layout

FIT = 0.08
"""A replay that gives so much more or less than was counted tells nothing."""


@dataclass(frozen=True)
class Replayable:
    """`observed` is None where the line cannot be replayed: `why` says for what."""

    path: str
    observed: Observed | None
    why: str = ""


async def lines_facts(
    session: AsyncSession, scene: Scene, lines: list[str], ahead: timedelta
) -> dict[str, LineFacts | str]:
    """By path; where the line has no declared constraint a sentence instead."""
    found: dict[str, LineFacts | str] = {}
    window = Window(scene.window.start, scene.window.end + ahead)
    for line in lines:
        orders = await line_orders(session, scene.layout.site.id, line, window)
        found[line] = _line(scene, line, orders, window)
    return found


def _line(scene: Scene, path: str, orders: tuple[OrderFact, ...], window: Window) -> LineFacts | str:
    layout = scene.layout
    constraint = layout.constraint(path)
    if constraint is None or constraint.path not in scene.facts:
        return f"{layout.machines[path].name} has no declared constraint"
    shifts = layout.shifts(window)
    stages = [tuple(scene.facts[m.path] for m in stage if m.path in scene.facts) for stage in layout.stages(path)]
    after, shared = layout.feeds.get(path), 1.0
    if after is not None and after in scene.facts:
        stages.append((scene.facts[after],))
        shared = _shared(layout, path, after)
    at = replace(scene.facts[constraint.path], shifts=shifts)
    return LineFacts(path, at, tuple(stage for stage in stages if stage) or ((at,),), orders, shared)


def _shared(layout: Layout, path: str, after: str) -> float:
    """The line's share of the flow of a machine behind several: by the rates of their constraints."""
    rates: dict[str, float] = {}
    for line in layout.lines_of(after):
        constraint = layout.constraint(line)
        rates[line] = (constraint.ideal_rate if constraint else None) or 0.0
    total = sum(rates.values())
    return rates.get(path, 0.0) / total if len(rates) > 1 and total > 0 and rates.get(path) else 1.0


def replayable(line: LineFacts | str, path: str, ahead: timedelta) -> Replayable:
    if isinstance(line, str):
        return Replayable(path, None, line)
    try:
        observed = observe(line, ahead)
    except CannotReplay as missing:
        return Replayable(path, None, str(missing))
    if abs(observed.fit - 1) > FIT:
        return Replayable(path, None, f"the replay gives {observed.fit:.2f} pieces for each that was counted")
    return Replayable(path, observed)
