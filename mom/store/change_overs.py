"""Change-overs of machines that tell no set-up mode: from the last good piece of one product to the first of the next.

Found from whole rows around each change of product on the line, whatever window is asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import text

from mom.facts import Window
from mom.history.calendar import merged
from mom.store.request import Request, Rows
from mom.store.states import Paths

CHANGES = text("""
WITH machine AS (
  SELECT m.id, m.parent_id AS line FROM equipment m
  WHERE m.id = ANY(CAST(:ids AS int[])) AND m.level = 'work_unit'
    AND EXISTS (SELECT FROM tags t WHERE t.equipment_id = m.id AND t.active AND t.meaning = 'good')
    AND NOT EXISTS (SELECT FROM tags t WHERE t.equipment_id = m.id AND t.active AND t.meaning = 'set_up')
), change AS (
  SELECT m.id, b.started_at AS at FROM machine m
  JOIN LATERAL (
    SELECT r.started_at, r.product, lag(r.product) OVER (ORDER BY r.started_at) AS before FROM runs r
    WHERE r.equipment_id = m.line AND r.superseded_at IS NULL AND r.product IS NOT NULL
      AND r.started_at >= CAST(:start AS timestamptz) - interval '7 days'
      AND r.started_at < CAST(:end AS timestamptz) + interval '7 days') b ON b.product <> b.before
)
SELECT c.id, last.ended_at, coalesce(first.started_at, :now) FROM change c
JOIN LATERAL (SELECT k.ended_at FROM counts k WHERE k.equipment_id = c.id AND k.started_at < c.at AND k.good > 0
  AND k.source = 'plc' ORDER BY k.started_at DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (SELECT k.started_at FROM counts k WHERE k.equipment_id = c.id AND k.started_at >= c.at AND k.good > 0
  AND k.source = 'plc' ORDER BY k.started_at LIMIT 1) first ON true
WHERE last.ended_at < coalesce(first.started_at, :now) AND last.ended_at < :end AND coalesce(first.started_at, :now) > :start
""")
"""To the minute, as pieces are counted; of a change-over that takes more than a week nothing is known."""


def change_overs_wanted(ids: Paths, window: Window, now: datetime) -> Request[dict[str, list[Window]]]:
    """By path, whole, as counts tell them: time without an order may lie in one (`outside_orders`)."""

    def read(rows: Rows) -> dict[str, list[Window]]:
        found: dict[str, list[Window]] = {}
        for machine, start, end in rows:
            found.setdefault(ids[machine], []).append(Window(start, end))
        return found

    return Request(((CHANGES, {"ids": list(ids), "start": window.start, "end": window.end, "now": now}),), read)


def outside_orders(
    whole: Mapping[str, Sequence[Window]], without: Mapping[str, tuple[Window, ...]]
) -> dict[str, tuple[Window, ...]]:
    """Change-overs by path. `without`: path -> when its line had no order, which is no change-over."""
    return {
        path: merged(part for one in windows for part in _outside(one, without.get(path, ())))
        for path, windows in whole.items()
    }


def _outside(whole: Window, others: tuple[Window, ...]) -> list[Window]:
    """What of `whole` lies in none of `others` (in order)."""
    left, at = [], whole.start
    for other in others:
        if other.end <= at or other.start >= whole.end:
            continue
        if other.start > at:
            left.append(Window(at, other.start))
        at = other.end
    return [*left, Window(at, whole.end)] if at < whole.end else left
