"""What the two-valued signals and the alarms of a machine said, change by change: what its cycles are learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.cycles.recording import Kind, Recording, Track, Value, recording
from mom.facts import Window

MOST = 200_000
"""So many of the latest readings are looked at."""
NUMBERS = timedelta(hours=1)
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
SELECT tag_id, extract(epoch FROM at)::float, number FROM readings
WHERE tag_id = ANY(CAST(:tags AS int[])) AND at >= :start AND at <= :end AND number IS NOT NULL
  AND (status >> 30) & 3 = 0
ORDER BY at DESC LIMIT :most
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
    told: dict[str, list[tuple[float, float]]] = {}
    for numbers in (False, True):
        wanted = [tag for tag, (_, kind) in tags.items() if (kind == "number") == numbers]
        start = max(window.start, since - NUMBERS) if numbers else window.start
        values = {"tags": wanted, "start": start, "end": window.end, "most": MOST}
        for tag, at, number in (await session.execute(READINGS, values)).all():
            told.setdefault(tags[tag][0], []).append((at, number))
    kinds: dict[str, Kind] = dict(tags.values())
    tracks = {name: _track(kinds[name], rows[::-1]) for name, rows in sorted(told.items())}
    if not tracks:
        return None
    ends = [track.times[-1] for track in tracks.values()]
    one = recording("stored", tracks, min(track.times[0] for track in tracks.values()), max(ends))
    return Stored(one, {name: title for _, name, title, _ in rows})


def _track(kind: Kind, rows: Sequence[tuple[float, float]]) -> Track:
    values: tuple[Value, ...] = tuple(number if kind == "number" else number != 0 for _, number in rows)
    return Track(kind, tuple(at for at, _ in rows), values)
