"""Times in which a connector, or one of its tags, told us nothing: opened when they begin, closed when they end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg

Connection = psycopg.AsyncConnection[Any]
_FIND = """
    SELECT id, ended_at FROM gaps
    WHERE site_id = %(site)s AND connector = %(connector)s AND tag_id IS NOT DISTINCT FROM %(tag_id)s
      AND started_at = %(start)s AND reason = %(reason)s
"""
_OPEN = """
    INSERT INTO gaps (site_id, connector, tag_id, started_at, ended_at, reason, detail)
    VALUES (%(site)s, %(connector)s, %(tag_id)s, %(start)s, %(end)s, %(reason)s, %(detail)s)
"""
_LASTING = """
    SELECT started_at, reason, detail FROM gaps
    WHERE site_id = %s AND connector = %s AND tag_id IS NULL AND ended_at IS NULL ORDER BY started_at LIMIT 1
"""
_CHANGE = "UPDATE gaps SET ended_at = %s, detail = %s WHERE id = %s"
_TOUCH = """
    INSERT INTO touched (site_id, equipment_id, from_at, to_at)
    SELECT %s, e, %s, %s FROM unnest(%s::int[]) AS given (e)
"""


STOPPED = "collector stopped"


@dataclass(frozen=True, slots=True)
class Gap:
    """`end` none: it lasts. `tag`: of one tag only. A gap is known by connector, tag, start and reason."""

    connector: str
    start: datetime
    end: datetime | None
    reason: str  # link lost, link refused, collector stopped, spool full, overflow
    detail: str = ""
    tag: str | None = None

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"start": self.start.isoformat(), "end": self.end.isoformat() if self.end else None}


def gap_from_json(data: Mapping[str, Any]) -> Gap:
    end = datetime.fromisoformat(data["end"]) if data["end"] else None
    return Gap(**{**data, "start": datetime.fromisoformat(data["start"]), "end": end})


async def lasting_gap(connection: Connection, site_id: int, connector: str) -> Gap | None:
    """The gap of the whole connector that the store knows no end of."""
    found = await (await connection.execute(_LASTING, [site_id, connector])).fetchone()
    return Gap(connector, found[0], None, found[1], found[2]) if found else None


async def store_gaps(
    connection: Connection,
    site_id: int,
    gaps: Sequence[Mapping[str, Any]],
    tag_ids: Mapping[str, int],
    equipment_of: Callable[[str], list[int]],
) -> list[Gap]:
    """Those that said something new, in the caller's transaction. The history is told to look at them again."""
    news = []
    for data in gaps:
        gap = gap_from_json(data)
        if await _put(connection, site_id, gap, tag_ids.get(gap.tag) if gap.tag else None):
            await connection.execute(_TOUCH, [site_id, gap.start, gap.end or gap.start, equipment_of(gap.connector)])
            news.append(gap)
    return news


async def _put(connection: Connection, site_id: int, gap: Gap, tag_id: int | None) -> bool:
    """Whether anything changed."""
    row = asdict(gap) | {"site": site_id, "tag_id": tag_id}
    found = await (await connection.execute(_FIND, row)).fetchone()
    if found is None:
        await connection.execute(_OPEN, row)
        return True
    if found[1] == gap.end:
        return False
    await connection.execute(_CHANGE, [gap.end, gap.detail, found[0]])
    return True
