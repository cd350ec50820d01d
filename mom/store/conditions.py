"""What rules about conditions look at beside states and counts: silences of links, samples of the laboratory, and what an
alarm is called here."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from posixpath import commonpath

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Silence, Window
from mom.measured import Sample
from mom.store.plants import Layout
from mom.store.states import Paths

CONNECTORS = text("""
SELECT DISTINCT t.connector, e.path FROM tags t JOIN equipment e ON e.id = t.equipment_id
WHERE t.site_id = :site AND t.active
""")
GAPS = text("""
SELECT id, connector, started_at, ended_at, reason FROM gaps
WHERE site_id = :site AND tag_id IS NULL AND started_at < :end AND (ended_at IS NULL OR ended_at > :start)
ORDER BY started_at
""")
SAMPLES = text("""
SELECT id, equipment, at, characteristic, value, low, high, passed FROM inspection_results
WHERE site_id = :site AND upper_inf(recorded) AND equipment = ANY(CAST(:names AS text[])) AND value IS NOT NULL
  AND at >= :start AND at < :end ORDER BY at
""")
SAID = text("""
SELECT s.equipment_id, a.text, s.reason, count(*) FROM stops s
JOIN alarms a ON a.equipment_id = s.equipment_id AND a.superseded_at IS NULL
  AND a.started_at >= s.started_at - interval '10 seconds' AND a.started_at <= s.started_at + interval '10 seconds'
WHERE s.equipment_id = ANY(CAST(:ids AS int[])) AND s.superseded_at IS NULL AND s.started_at >= :start
  AND s.started_at < :end AND s.reason <> '' AND s.reason_by <> 'alarm' AND a.stops
GROUP BY 1, 2, 3
""")
MOSTLY = 0.5
"""An alarm is called what more than that share of the entered reasons say."""
REASONS_BACK = timedelta(days=14)


async def silences_in(
    session: AsyncSession, layout: Layout, window: Window, now: datetime
) -> dict[str, tuple[Silence, ...]]:
    """By the path of what lies above all machines of a silent connector: a line, a machine; of several lines, the first."""
    values = {"site": layout.site.id, "start": window.start, "end": window.end}
    gaps = (await session.execute(GAPS, values)).all()
    if not gaps:
        return {}
    below: dict[str, list[str]] = defaultdict(list)
    for connector, path in (await session.execute(CONNECTORS, {"site": layout.site.id})).all():
        below[connector].append(path)
    found: dict[str, list[Silence]] = defaultdict(list)
    for id, connector, start, end, reason in gaps:
        if connector in below:
            path, names = _above(layout, below[connector])
            found[path].append(Silence(id, start, end or now, end is None, connector, reason, names))
    return {path: tuple(silences) for path, silences in found.items()}


def _above(layout: Layout, paths: list[str]) -> tuple[str, tuple[str, ...]]:
    names = tuple(layout.machines[path].name for path in sorted(paths) if path in layout.machines)
    shared = commonpath(paths)
    return (shared if shared in layout.machines else layout.machines[sorted(paths)[0]].line), names


async def samples_in(
    session: AsyncSession, layout: Layout, paths: Collection[str], window: Window
) -> dict[str, tuple[Sample, ...]]:
    """Measured samples of these machines, by path, in order."""
    short = {path.removeprefix(layout.site.code + "/"): path for path in paths} | {path: path for path in paths}
    values = {"site": layout.site.id, "names": list(short), "start": window.start, "end": window.end}
    found: dict[str, list[Sample]] = defaultdict(list)
    for id, name, at, characteristic, value, low, high, passed in (await session.execute(SAMPLES, values)).all():
        place = (value - low) / (high - low) if low is not None and high is not None and high > low else 0.5
        found[short[name]].append(Sample(id, at, characteristic, value, place, bool(passed)))
    return {path: tuple(samples) for path, samples in found.items()}


async def said_as(session: AsyncSession, paths: Paths, window: Window) -> dict[str, Mapping[str, str]]:
    """By path: which reason people enter for an alarm, where they mostly enter the same."""
    values = {"ids": list(paths), "start": window.start - REASONS_BACK, "end": window.end}
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for equipment, alarm, reason, count in (await session.execute(SAID, values)).all():
        told[paths[equipment], alarm][reason] = count
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (path, alarm), reasons in told.items():
        reason = max(reasons, key=lambda one: (reasons[one], one))
        if reasons[reason] > MOSTLY * sum(reasons.values()):
            found[path][alarm] = reason
    return dict(found)
