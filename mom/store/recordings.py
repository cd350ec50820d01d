"""What the two-valued signals and the alarms of a machine said, change by change: what its cycles are learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.cycles.recording import Kind, Recording, Track, Value, recording
from mom.facts import Window

MOST = 200_000
"""So many of the latest readings are looked at."""
NUMBERS = timedelta(days=1)
"""So long before a window's end its measured quantities are looked at."""
TAGS = text("""
SELECT t.id, t.name, COALESCE(t.config->'texts'->>'1', NULLIF(t.title, ''), t.name),
  CASE WHEN t.meaning = 'alarm' THEN 'alarm' WHEN t.config->>'type' = 'bool' THEN 'binary'
                          ELSE 'number' END AS kind
FROM tags t
WHERE t.equipment_id = ANY(CAST(:ids AS int[])) AND t.active
  AND (t.meaning = 'alarm' OR t.meaning = 'signal' AND t.config->>'type' IS DISTINCT FROM 'text')
""")
READINGS = text("""
SELECT tag_id, array_agg(extract(epoch FROM at)::float ORDER BY at), array_agg(number ORDER BY at) FROM (
SELECT tag_id, at, number FROM readings
WHERE tag_id = ANY(CAST(:tags AS int[])) AND at >= :start AND at <= :end AND number IS NOT NULL
  AND (status >> 30) & 3 = 0
ORDER BY at DESC LIMIT :most) latest GROUP BY tag_id
""")


@dataclass(frozen=True, slots=True)
class Stored:
    """`names`: of each signal and alarm, as people call it."""

    recording: Recording
    names: Mapping[str, str]


async def recording_of(session: AsyncSession, ids: Sequence[int], window: Window, since: datetime) -> Stored | None:
    """All of the window, in seconds since 1970; measured quantities from shortly before `since`.

    None: no two-valued signal of these machines is known, so that no cycle can be learned.
    """
    rows = (await session.execute(TAGS, {"ids": list(ids)})).all()
    tags = {tag: (name, kind) for tag, name, _, kind in rows}
    if not any(kind == "binary" for _, kind in tags.values()):
        return None
    told: dict[str, tuple[list[float], list[float]]] = {}
    for measured in (False, True):
        wanted = [tag for tag, (_, kind) in tags.items() if (kind == "number") == measured]
        start = max(window.start, since - NUMBERS) if measured else window.start
        values = {"tags": wanted, "start": start, "end": window.end, "most": MOST}
        for tag, times, numbers in (await session.execute(READINGS, values)).all():
            told[tags[tag][0]] = times, numbers
    kinds: dict[str, Kind] = dict(tags.values())
    tracks = {name: _track(kinds[name], *rows) for name, rows in sorted(told.items())}
    if not tracks:
        return None
    ends = [track.times[-1] for track in tracks.values()]
    one = recording("stored", tracks, min(track.times[0] for track in tracks.values()), max(ends))
    return Stored(one, {name: title for _, name, title, _ in rows})


TWO_VALUED = ("binary", "alarm")
RISES = 0.8
"""A number of which so large a share of the changes are upwards counts or tells the time: it has no band."""


def _track(kind: Kind, times: Sequence[float], numbers: Sequence[float]) -> Track:
    if kind == "number" and _counts(numbers):
        kind = "counter"
    values: tuple[Value, ...] = tuple(number != 0 for number in numbers) if kind in TWO_VALUED else tuple(numbers)
    return Track(kind, tuple(times), values)


def _counts(numbers: Sequence[float]) -> bool:
    changes = [after > before for before, after in pairwise(numbers) if after != before]
    return bool(changes) and sum(changes) / len(changes) >= RISES
