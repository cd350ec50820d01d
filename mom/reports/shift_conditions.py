"""What cost nothing by itself yet in a shift and should be looked at: drifts, sensors that lie, silent links."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.facts import Window
from mom.reports.description import Paragraph, Part
from mom.reports.shift_lines import other_lines
from mom.store.losses import conditions_in
from mom.store.plants import Layout

MOST = 8


async def conditions_of(
    session: AsyncSession, layout: Layout, lines: Collection[str], window: Window, now: datetime
) -> tuple[str, ...]:
    """A sentence each, what lasts first; of the machines of these lines and of those that work for no line alone."""
    here = {m.path for line in lines for m in layout.flow(line)} | set(lines)
    others = {m.path for line in other_lines(layout, lines) for m in layout.flow(line)} - here
    rows = [
        (loss, node) for loss, node in await conditions_in(session, layout.site.id, window) if node.path not in others
    ]
    return tuple(
        f"{loss.title}, {words.span_of(loss.started_at, loss.ended_at, now, layout.zone)}{_how(loss.figures or {})}"
        f"{'; it led to a loss' if loss.symptom_of else ''}."
        for loss, _ in rows
    )


def _how(figures: Mapping[str, Any]) -> str:
    level, norm = figures.get("level"), figures.get("norm")
    return f": {level} where {norm} is its norm" if level and norm else ""


def conditions(found: Collection[str]) -> tuple[Part, ...]:
    """Nothing where there is nothing to look at."""
    more = len(found) - MOST
    rest = (Paragraph(f"{more} more are on the page of the line.", quiet=True),) if more > 0 else ()
    return (*(Paragraph(text) for text in tuple(found)[:MOST]), *rest)
