"""From when to when a nonconformance reaches: from the last result in control to the end of its episode, or now."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.models import Nonconformance
from mom.quality.charted import LOOK_BACK, rules_of
from mom.quality.series import series_of
from mom.quality.watched import watched
from mom.store.plants import Layout
from mom.store.quality import measured_in

BEFORE = timedelta(hours=8)
"""Of one that no chart opened: since when is not known, so a shift before it was written is taken."""


async def extent_of(session: AsyncSession, layout: Layout, row: Nonconformance, now: datetime) -> tuple[Window, bool]:
    """(window, whether it has ended)."""
    if "good_at" not in row.more:
        return Window(row.at - BEFORE, max(row.at, row.at - BEFORE + timedelta(seconds=1))), True
    start = datetime.fromisoformat(str(row.more["good_at"]))
    known = Window(row.at - LOOK_BACK, min(now, row.at + LOOK_BACK) + timedelta(seconds=1))
    for series in series_of(await measured_in(session, layout, known, below=row.equipment)):
        if series.key != row.more["series"]:
            continue
        keys = [result.key for result in series.results]
        for episode in watched(series, rules_of(layout)).episodes:
            if row.more["result"] in keys[episode.first : episode.last + 1]:
                end = series.results[min(episode.last + 1, len(keys) - 1)].at if episode.over else now
                return Window(start, max(end, start + timedelta(seconds=1))), episode.over
    return Window(start, max(row.at, start + timedelta(seconds=1))), True
