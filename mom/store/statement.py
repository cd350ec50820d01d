"""The SQL of a question: names from the noun's declaration, values bound."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mom.store.asked import UNTOLD, Asked
from mom.store.noun import TIME_FORMS

MACHINES = """
WITH nodes AS (
  SELECT e.id, e.site_id, e.path, e.level, e.position, e.is_constraint, coalesce((
      SELECT w.path FROM equipment w WHERE w.site_id = e.site_id AND w.level = 'work_center'
        AND (w.path = e.path OR starts_with(e.path, w.path || '/')) ORDER BY length(w.path) DESC LIMIT 1
    ), e.path) AS line
  FROM equipment e
), fed AS (
  SELECT s.id AS site_id, s.code || '/' || (node ->> 'feeds') AS path
  FROM sites s, jsonb_array_elements(coalesce(s.plant -> 'equipment', '[]')) node WHERE node ->> 'feeds' IS NOT NULL
), machines AS (
  SELECT each.*, counts_here AND NOT is_fed AS counts_for_line, behind_here AND NOT is_fed AS behind
  FROM (SELECT n.id, n.site_id, n.path, n.line,
      c.path IS NULL OR n.is_constraint AS counts_here, c.path IS NULL OR n.position >= c.position AS behind_here,
      (n.site_id, n.path) IN (SELECT f.site_id, f.path FROM fed f) AS is_fed
    FROM nodes n LEFT JOIN nodes c ON c.site_id = n.site_id AND c.line = n.line AND c.is_constraint) each
)
"""
"""Each machine with its line; whether the line's pieces are counted there (at its constraint; a machine of its own; not
one that lines feed, whose pieces were counted before), and whether it stands at or behind the constraint."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`chosen`: the FROM and WHERE of the question."""

    question: Asked
    chosen: str
    bound: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.bound)

    def sql(self, limit: int) -> str:
        question = self.question
        by = [f'{question.dimensions[name].sql} AS "{name}"' for name in question.by]
        measured = [f'{question.measure_sql(name)} AS "{name}"' for name in question.measures]
        grouped = f"GROUP BY {', '.join(str(i + 1) for i in range(len(by)))}" if by else ""
        what = ", ".join([*by, *measured, "count(*) AS rows_behind"])
        return self.filled(f"{MACHINES} SELECT {what} {self.chosen} {grouped} {self._order()} LIMIT {limit}")

    def _order(self) -> str:
        """Times forward; else what is most first."""
        if not self.question.by:
            return ""
        over_time = [name for name in self.question.by if name in TIME_FORMS]
        told = [i for i, name in enumerate(self.question.measures) if self.question.measure_sql(name) != UNTOLD]
        most = [] if over_time or not told else [f"{len(self.question.by) + told[0] + 1} DESC NULLS LAST"]
        rest = [str(i + 1) for i, name in enumerate(self.question.by) if name not in over_time]
        times = [str(i + 1) for i, name in enumerate(self.question.by) if name in over_time]
        return f"ORDER BY {', '.join([*times, *most, *rest])}"

    def filled(self, sql: str) -> str:
        """`:start` and `:end` as the question has them: a moment, or the same local time of every site."""
        for name, at in (("start", self.question.start), ("end", self.question.end)):
            local = at is not None and at.tzinfo is None
            way = (
                f"(CAST(:{name}_at AS timestamp) AT TIME ZONE site.time_zone)"
                if local
                else f"CAST(:{name}_at AS timestamptz)"
            )
            sql = re.sub(rf":{name}\b", way, sql)
        return sql


def statement_of(question: Asked, site_id: int | None, now: datetime) -> Statement:
    values: dict[str, Any] = {"now": now, "start_at": question.start, "end_at": question.end}
    values |= {"as_of": question.as_of, "site_id": site_id}
    always = _always(question, site_id)
    chosen: list[str] = []
    for number, (name, wanted) in enumerate(question.where.items()):
        one = question.dimensions[name]
        values[f"w{number}"] = list(wanted)
        blank = f" OR {one.sql} IS NULL" if "" in wanted else ""
        chosen.append(f"(CAST({one.sql} AS text) = ANY(:w{number}){blank})")
    return Statement(
        question,
        f"FROM {_tables(question, question.join)} WHERE {' AND '.join([*always, *chosen])}",
        values,
    )


def _tables(question: Asked, join: str) -> str:
    noun = question.noun
    parts = [f"{noun.table} t", noun.joins.get("", ""), f"JOIN sites site ON site.id = {noun.site}"]
    if noun.equipment:
        by_id = noun.equipment.endswith("_id")
        parts.append(
            f"LEFT JOIN machines m ON m.{'id' if by_id else 'path'} = {noun.equipment} AND m.site_id = site.id"
        )
    if join:
        parts.append(noun.joins[join])
    return " ".join(parts)


def _always(question: Asked, site_id: int | None) -> list[str]:
    noun = question.noun
    conditions = [noun.as_of if question.as_of else noun.current]
    if site_id is not None:
        conditions.append("site.id = :site_id")
    after, before = question.cut
    if after:
        conditions.append(f"{noun.ends if noun.overlaps else noun.time} {'>' if noun.overlaps else '>='} :start")
    if before:
        conditions.append(f"{noun.time} < :end")
    return conditions


def window_sql(statement: Statement) -> str:
    """The first and last moment of the rows that are asked for."""
    noun = statement.question.noun
    return statement.filled(
        f"{MACHINES} SELECT min({noun.time}) AS first, max({noun.ends or noun.time}) AS last {statement.chosen}"
    )
