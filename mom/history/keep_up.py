"""What the worker calls when readings have come: derive, then find losses; and look again at what lasts."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.facts import Window
from mom.history.derive import LOCK, DeriveResult, derive, end_with_shifts, whole_window
from mom.history.means import MEASURED
from mom.losses.find import find_losses

AGAIN = timedelta(seconds=60)
"""What lasts is looked at again that often, also when nothing is heard: a stop grows in silence."""
GROW = ("stop", "set_up", "starved", "blocked", "link_silent")
"""Rules whose losses grow by the clock."""
LASTING = text("""
SELECT site_id, array_agg(DISTINCT equipment_id) FROM losses
WHERE superseded_at IS NULL AND ended_at IS NULL AND rule = ANY(CAST(:rules AS text[])) AND updated_at < :before
GROUP BY site_id ORDER BY min(updated_at) LIMIT 1
""")
CHANGING_EVERY = 15
"""Seconds: so often a change-over is looked at that lasts and is no loss yet; no reading tells when it becomes one."""
CHANGING = text("""
SELECT e.site_id, array_agg(e.id) FROM equipment e CROSS JOIN LATERAL (
  SELECT started_at, ended_at, mode FROM state_intervals s
  WHERE s.equipment_id = e.id AND s.superseded_at IS NULL ORDER BY started_at DESC LIMIT 1) s
WHERE e.active AND s.ended_at IS NULL AND s.mode = 'set_up' AND s.started_at < :now
  AND floor(extract(epoch FROM CAST(:now AS timestamptz) - s.started_at))::int % :every <= 1
  AND NOT EXISTS (SELECT FROM losses l WHERE l.equipment_id = e.id AND l.rule = 'set_up' AND l.superseded_at IS NULL
    AND l.ended_at IS NULL)
GROUP BY e.site_id ORDER BY e.site_id
""")
"""All sites: nothing says when a change-over was last looked at, by which they could take turns."""
LOOKED = text("""
UPDATE losses SET updated_at = :now
WHERE site_id = :site AND superseded_at IS NULL AND ended_at IS NULL AND rule = ANY(CAST(:rules AS text[]))
""")
"""Also what has not changed was looked at: the next turn is another site's."""
MEASURES = text("""
SELECT EXISTS (SELECT FROM tags WHERE site_id = :site AND active AND meaning = ANY(CAST(:measured AS text[])))
""")


async def keep_up(store: Store, now: datetime) -> int:
    """Derive history from what was touched and find its losses, in one transaction, under the site's lock.

    Returns how many touched rows were done; 0: nothing waits (or another process is at it). Several processes may
    call it at once. Its events wake the triage only for readings that wake.
    """
    async with store.write() as session:
        done = await derive(session)
        equipment = done.changed | done.counted | done.measured
        if done.site_id is not None and equipment:
            window = whole_window(done)
            await find_losses(
                session,
                done.site_id,
                equipment,
                window,
                max(now, window.start),
                wakes=done.wakes,
                measures=bool(done.measured) or await _nothing_measured(session, done, window),
            )
        elif not done.touched:
            await _look_again(session, now)
        await session.commit()
    return done.touched


async def _nothing_measured(session: AsyncSession, done: DeriveResult, window: Window) -> bool:
    """Where nothing is measured, rules that look back over days go by the five minutes of counts."""
    if not done.counted or window.end.minute % 5:
        return False
    return not await session.scalar(MEASURES, {"site": done.site_id, "measured": list(MEASURED)})


async def _look_again(session: AsyncSession, now: datetime) -> None:
    rows = (await session.execute(LASTING, {"before": now - AGAIN, "rules": list(GROW)})).all()
    for site_id, equipment in rows or (await session.execute(CHANGING, {"now": now, "every": CHANGING_EVERY})).all():
        await _look_at(session, site_id, equipment, now)


async def _look_at(session: AsyncSession, site_id: int, equipment: list[int], now: datetime) -> None:
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, site_id))):
        return
    last = Window(now - timedelta(seconds=1), now)
    await end_with_shifts(session, site_id, now)
    await find_losses(session, site_id, equipment, last, now, wakes=True, measures=False)
    await session.flush()
    await session.execute(LOOKED, {"site": site_id, "now": now, "rules": list(GROW)})
