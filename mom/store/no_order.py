"""When no order was on a line: between two of its runs and after the last one, whatever window is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from mom.facts import Window
from mom.history.calendar import merged
from mom.store.request import Request, Rows
from mom.store.states import Paths

TELLS = text("""
SELECT DISTINCT equipment_id FROM tags
WHERE site_id = :site AND active AND meaning IN ('order', 'product') AND equipment_id = ANY(CAST(:ids AS int[]))
""")
AFTER = text("""
SELECT e.id, r.ended_at, r.next FROM unnest(CAST(:ids AS int[])) AS e(id)
CROSS JOIN LATERAL (
  SELECT s.ended_at, lead(s.started_at) OVER (ORDER BY s.started_at) AS next FROM runs s
  WHERE s.equipment_id = e.id AND s.superseded_at IS NULL AND s.started_at < :end AND s.started_at >= coalesce((
    SELECT max(b.started_at) FROM runs b
    WHERE b.equipment_id = e.id AND b.superseded_at IS NULL AND b.started_at <= :start), '-infinity')) r
WHERE r.ended_at IS NOT NULL AND (r.next IS NULL OR r.next > r.ended_at)
""")


@dataclass(frozen=True, slots=True)
class OrdersTold:
    """`tells`: lines whose controller says which order is on. `without`: when none was, in the window."""

    tells: frozenset[str]
    without: Mapping[str, tuple[Window, ...]]


def orders_wanted(site_id: int, lines: Paths, window: Window, now: datetime) -> Request[OrdersTold]:
    """Before the first run of all it is not known whether there was an order: that is no time without one."""

    def read(tells: Rows, after: Rows) -> OrdersTold:
        found: dict[str, list[Window]] = {}
        for line, ended, begun in after:
            if cut := window.cut(ended, begun or max(now, ended)):
                found.setdefault(lines[line], []).append(cut)
        without = {path: merged(windows) for path, windows in found.items()}
        return OrdersTold(frozenset(lines[row[0]] for row in tells), without)

    values = {"site": site_id, "ids": list(lines)}
    return Request(((TELLS, values), (AFTER, {**values, "start": window.start, "end": window.end})), read)
