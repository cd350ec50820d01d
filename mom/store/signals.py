"""Measured quantities of a window, as series: what causes are looked for in."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Series, Window

TAGS = text("""
SELECT t.id, t.name, t.title, t.unit, t.config FROM tags t
WHERE t.equipment_id = ANY(CAST(:ids AS int[])) AND t.active AND t.meaning IN ('signal', 'speed', 'set_speed')
  AND t.config->>'type' IS DISTINCT FROM 'bool'  -- on and off has no level: mom/store/recordings.py
ORDER BY t.name
""")
READINGS = text("""
SELECT array_agg(at ORDER BY at), array_agg(number ORDER BY at) FROM readings
WHERE tag_id = :tag AND at >= :start AND at < :end AND number IS NOT NULL AND (status >> 30) & 3 = 0
""")


async def signals_in(session: AsyncSession, ids: Sequence[int], window: Window) -> dict[str, Series]:
    """The signals of the machines `ids` by tag name. Values that are not good are left out."""
    found: dict[str, Series] = {}
    for tag, name, title, unit, config in (await session.execute(TAGS, {"ids": list(ids)})).all():
        values = {"tag": tag, "start": window.start, "end": window.end}
        times, numbers = (await session.execute(READINGS, values)).one()
        low, high = config.get("low"), config.get("high")
        found[name] = Series(name, title or name, unit, times or (), numbers or (), low, high)
    return found
