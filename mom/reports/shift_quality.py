"""Quality in a shift: what was measured, what is out of control at its end, what was opened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.blocks import ChartBlock
from mom.facts import Window
from mom.quality.charted import Charted, charts_of
from mom.quality.drawing import control_block
from mom.quality.rules import RULES
from mom.reports.charts import WIDTH
from mom.reports.description import Paragraph, Part
from mom.store.plants import Layout
from mom.store.quality import nonconformances_of, whole

MOST = 5


@dataclass(frozen=True, slots=True)
class ShiftQuality:
    """`out`: what is out of control, in words; `chart`: of the first of them. `opened`: nonconformances of the shift."""

    results: int
    outside: int
    out: tuple[str, ...]
    opened: tuple[str, ...]
    chart: ChartBlock | None = None


async def quality_in(session: AsyncSession, layout: Layout, lines: Collection[str], window: Window) -> ShiftQuality:
    """Of the machines of these lines, as it was known at the end of the window."""
    places = {m.path for line in lines for m in layout.flow(line)}
    charts = [c for c in await charts_of(session, layout, None, window.end) if c.equipment in places]
    taken = [r for c in charts if c.series for r in c.series.results if window.start <= r.at < window.end]
    out = [c for c in charts if c.out]
    opened = [
        row.text
        for row in await nonconformances_of(session, layout.site.id)
        if window.start <= row.at < window.end and (not row.equipment or whole(layout, row.equipment) in places)
    ]
    title = f"{out[0].characteristic}, {_machine(layout, out[0])}" if out else ""
    drawn = control_block(out[0], title, layout.zone, width=WIDTH) if out else None
    said = tuple(_out(layout, c, window.end, layout.zone) for c in out)
    return ShiftQuality(len(taken), sum(r.outside for r in taken), said, tuple(opened), drawn)


def quality(found: ShiftQuality) -> tuple[Part, ...]:
    """Nothing where nothing was measured and nothing is open."""
    if not (found.results or found.out or found.opened):
        return ()
    beyond = (
        f"{words.number(found.outside, 0)} of them beyond their limits" if found.outside else "none beyond its limits"
    )
    head = (
        f"{words.number(found.results, 0)} results, {beyond}."
        if found.results
        else "Nothing was measured in this shift."
    )
    state = (
        f"Out of control: {'; '.join(found.out[:MOST])}."
        if found.out
        else "Every characteristic with a chart is in control."
    )
    opened = [Paragraph(f"Nonconformance: {text}") for text in found.opened[:MOST]]
    return (Paragraph(f"{head} {state}"), *opened, *((found.chart,) if found.chart else ()))


def _out(layout: Layout, one: Charted, now: datetime, zone: ZoneInfo) -> str:
    last = one.episodes[-1]
    since = words.time_of(one.times[last.first], now, zone)
    return f"{one.characteristic} at {_machine(layout, one)} since {since} ({RULES[last.rules[0]].says})"


def _machine(layout: Layout, one: Charted) -> str:
    return layout.machines[one.equipment].name if one.equipment in layout.machines else one.equipment
