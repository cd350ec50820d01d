"""What changed on a line since a trouble began, against the time before it: how much else moved with it."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.changed.lines import Changed, Chosen, what_changed
from mom.facts import Window
from mom.models import Equipment, Loss
from mom.store.plants import Layout

LONGEST = timedelta(days=7)
DAY = timedelta(days=1)


async def changed_since(
    session: AsyncSession, layout: Layout, loss: Loss, where: Equipment, now: datetime
) -> Changed | None:
    """OEE of the line from the trouble's first shift on (a day at least, a week at most) against as long before. None where the
    machine works for no line, or not for a day yet."""
    line = layout.lines_of(where.path)[0]
    if not layout.units(line):
        return None
    shift = next(iter(layout.shifts(Window(loss.started_at, loss.started_at + DAY))), None)
    start = min(shift.start, loss.started_at) if shift else loss.started_at
    end = min(max(loss.ended_at or now, start + DAY), start + LONGEST, now)
    if end - start < DAY / 3:
        return None
    before = Window(start - max(end - start, DAY), start)
    return await what_changed(
        session, layout, Chosen(line, Window(start, end), "since then"), Chosen(line, before, "before"), now, "oee"
    )
