"""What the shift report says of what changed: each line against the shifts of the same name in the week before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.changed.gather import Only
from mom.changed.lines import Changed, Chosen, what_changed
from mom.changed.waterfall import waterfall
from mom.facts import Window
from mom.reports.charts import WIDTH
from mom.reports.description import Paragraph, Part
from mom.reports.report import Period
from mom.store.plants import Layout

BACK = timedelta(days=7)


async def changed_in(
    session: AsyncSession, layout: Layout, lines: Sequence[str], period: Period, now: datetime
) -> tuple[Changed, ...]:
    """OEE of the shift against the usual of its name: a share, so that seven shifts and one compare."""
    window, only = period.window, Only(shift=period.name)
    before = Window(window.start - BACK, window.start)
    name = f"in the {period.name} shifts of the week before"
    return tuple(
        [
            await what_changed(
                session,
                layout,
                Chosen(path, window, "in this shift", only),
                Chosen(path, before, name, only),
                now,
                "oee",
            )
            for path in lines
        ]
    )


def parts_of(found: Sequence[Changed]) -> tuple[Part, ...]:
    """A sentence and a waterfall a line."""
    parts: list[Part] = []
    for changed in found:
        parts.append(Paragraph(changed.told))
        if changed.compared is not None and changed.compared.parts:
            line = changed.units.names[changed.after.line]
            sides = changed.after.name, changed.before.name
            parts.append(
                waterfall(
                    f"{line}: OEE, {sides[0]} against {sides[1]}", changed.compared, changed.units, *sides, width=WIDTH
                )
            )
    return tuple(parts)
