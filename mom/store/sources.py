"""What tells us of each machine, and until when it was heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from mom.facts import Window
from mom.store.request import Request, Rows

SILENT = timedelta(seconds=60)
"""A link that has not answered for so long no longer vouches for a state that it once told."""

TAGS = text("""
SELECT e.path, bool_or(t.meaning = 'state'), bool_or(t.meaning IN ('produced', 'good', 'scrap')),
  min(t.connector) FILTER (WHERE t.meaning = 'state'), min(t.connector)
FROM tags t JOIN equipment e ON e.id = t.equipment_id
WHERE t.site_id = :site AND t.active AND e.id = ANY(CAST(:ids AS int[])) GROUP BY e.path
""")
REPORTED = text("""
SELECT e.path FROM equipment e WHERE e.id = ANY(CAST(:ids AS int[]))
  AND EXISTS (SELECT FROM counts c WHERE c.equipment_id = e.id)
""")
SPAN = text("SELECT min(started_at), max(ended_at) FROM counts WHERE site_id = :site")
LINKS = text("SELECT connector, alive_at FROM links WHERE site_id = :site")


@dataclass(frozen=True, slots=True)
class Sources:
    """Paths that have a source of states, of counts; and until when a machine's source was heard (else: now)."""

    states: frozenset[str]
    counts: frozenset[str]
    heard: dict[str, datetime]
    reported: Window | None = None  # where some have no states: from the first to the last count of the site


def sources_wanted(site_id: int, ids: list[int], now: datetime) -> Request[Sources]:
    """Of the equipment `ids`. A connector without a link row (a loaded past) counts as heard."""

    def read(tags: Rows, counted: Rows, links: Rows) -> Sources:
        silent = {connector: alive for connector, alive in links if alive is not None and alive < now - SILENT}
        heard = {row[0]: silent[row[3] or row[4]] for row in tags if (row[3] or row[4]) in silent}
        states = frozenset(row[0] for row in tags if row[1])
        counts = frozenset(row[0] for row in tags if row[2]) | {path for (path,) in counted}
        return Sources(states, counts, heard)

    values = {"site": site_id, "ids": ids}
    return Request(((TAGS, values), (REPORTED, values), (LINKS, values)), read)


def reported_wanted(site_id: int) -> Request[Window | None]:
    """From the first to the last count of the site: every count of it is read, so only where some have no states."""

    def read(rows: Rows) -> Window | None:
        start, end = rows[0]
        return Window(start, end) if start and end else None

    return Request(((SPAN, {"site": site_id}),), read)
