"""A line's facts for its bottleneck, from the store; and what relief of each of its machines would bring."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.bottleneck.find import Bottleneck, find_bottleneck
from mom.bottleneck.relief import FASTER, Relief, relief_of
from mom.facts import Window
from mom.flow.line import LineFacts
from mom.money.line import lines_facts, replayable
from mom.store.facts import scene_of
from mom.store.plants import Layout

NONE = timedelta(0)


async def bottleneck_of(
    session: AsyncSession, layout: Layout, line: str, window: Window, now: datetime
) -> tuple[Bottleneck, LineFacts | str]:
    """Of the line with this path; and the line's facts for a replay, or a sentence why there are none."""
    stages = layout.stages(line) or [[layout.machines[line]]]
    after = layout.machines.get(layout.feeds.get(line, ""))
    stages = [*stages, *([[after]] if after else [])]
    scene = await scene_of(session, layout, window, now, only=[m.path for stage in stages for m in stage], fine=True)
    facts = await lines_facts(session, scene, [line], NONE)
    return find_bottleneck(line, [[scene.facts[m.path] for m in stage] for stage in stages]), facts[line]


def reliefs_of(
    line: LineFacts | str, path: str, only: Collection[str] | None = None, faster: float = FASTER
) -> tuple[list[Relief], str]:
    """By machine (`only`: of these) as pieces pass them, and why there are none where the line cannot be replayed."""
    known = replayable(line, path, NONE)
    if known.observed is None or isinstance(line, str):
        return [], known.why
    products = line.constraint.products
    machines = [f.machine.path for stage in line.stages for f in stage if only is None or f.machine.path in only]
    found = [relief_of(known.observed, machine, products, faster) for machine in machines]
    return [one for one in found if one is not None], ""
