"""Counts of a window, as spans: by the minute, or summed by the hour where a window is long."""

from typing import Any

from sqlalchemy import text

from mom.facts import CountSpan, Window
from mom.store.request import Request, Rows
from mom.store.states import Paths

WHERE = "c.equipment_id = ANY(CAST(:ids AS int[])) AND c.started_at >= :start AND c.started_at < :end"
"""A count belongs to the window in which it begins."""
HOUR = """c.equipment_id, date_trunc('hour', c.started_at), c.product, c."order", c.tool, c.shift,
  CASE WHEN c.key = '' THEN '' ELSE c.source || ':' || c.key END"""
"""What an hour's minutes are summed by; what another system reported stays a row each."""
IDEAL = "CASE WHEN c.source = 'plc' AND c.key <> '' THEN 0 ELSE c.ideal_seconds END"
"""Pieces counted across a gap are told without the time in which they were made: they say nothing of performance."""
FINE = text(f"""
SELECT c.id, c.equipment_id, c.id, c.started_at, c.ended_at, c.produced, c.good, c.scrap, c.rework,
  c.product, c."order", c.tool, c.shift, {IDEAL}, 1
FROM counts c WHERE {WHERE} ORDER BY c.equipment_id, c.started_at, c.id
""")
COARSE = text(f"""
SELECT jsonb_build_array({HOUR})::text, c.equipment_id, min(c.id), min(c.started_at), max(c.ended_at), sum(c.produced),
  sum(c.good), sum(c.scrap), sum(c.rework), c.product, c."order", c.tool, c.shift, sum({IDEAL}), count(*)
FROM counts c WHERE {WHERE} GROUP BY {HOUR} ORDER BY c.equipment_id, 4, 3
""")
SCRAP_FINE = text(f"""
SELECT c.id, s.reason, s.quantity FROM counts c JOIN scrap_counts s ON s.count_id = c.id
WHERE c.scrap > 0 AND {WHERE} ORDER BY c.id, s.reason
""")
SCRAP_COARSE = text(f"""
SELECT jsonb_build_array({HOUR})::text, s.reason, sum(s.quantity) FROM counts c JOIN scrap_counts s ON s.count_id = c.id
WHERE c.scrap > 0 AND {WHERE} GROUP BY {HOUR}, s.reason ORDER BY 1, 2
""")


def counts_wanted(paths: Paths, window: Window, *, fine: bool) -> Request[dict[str, tuple[CountSpan, ...]]]:
    """The pieces of each machine that began in `window`, by path, with scrap by reason."""

    def read(rows: Rows, scraps: Rows) -> dict[str, tuple[CountSpan, ...]]:
        scrapped: dict[Any, dict[str, float]] = {}
        for key, reason, quantity in scraps:
            scrapped.setdefault(key, {})[reason] = quantity
        found: dict[str, list[CountSpan]] = {}
        for row in rows:
            path = paths[row[1]]
            found.setdefault(path, []).append(_span(row, path, scrapped.get(row[0], {})))
        return {path: tuple(spans) for path, spans in found.items()}

    values = {"ids": list(paths), "start": window.start, "end": window.end}
    counts, scraps = (FINE, SCRAP_FINE) if fine else (COARSE, SCRAP_COARSE)
    return Request(((counts, values), (scraps, values)), read)


def _span(row: Any, path: str, scrap_by: dict[str, float]) -> CountSpan:
    produced, good, scrap, rework, product, order, tool, shift, ideal, rows = row[5:15]
    return CountSpan(
        row[2], row[3], row[4], path, produced, good, scrap, rework, product, order, tool, shift, ideal, scrap_by, rows
    )
