"""Ask the store by noun: the one way in for the command, the tools and the API. `await query(session, noun, …)`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from psycopg.errors import QueryCanceled
from sqlalchemy import Result, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, Unavailable
from mom.store.asked import UNTOLD, Asked, asked
from mom.store.coverage import coverage_of
from mom.store.equipment import find_equipment
from mom.store.statement import Statement, statement_of
from mom.store.statement import window_sql as window_statement

MOST_ROWS = 10_000
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class QueryResult:
    """`coverage`: share of the window that was seen, None where the noun cannot tell. `missing`: what is not in it."""

    asked: Asked
    rows: list[dict[str, Cell]]
    start: datetime | None
    end: datetime | None
    coverage: float | None
    rows_behind: int
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        question = self.asked
        return {
            "noun": question.noun.name,
            "title": question.noun.title,
            "rows": self.rows,
            "by": list(question.by),
            "measures": {name: _about(question, name) for name in question.measures},
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
            "as_of": question.as_of.isoformat() if question.as_of else None,
            "coverage": None if self.coverage is None else round(self.coverage, 6),
            "missing": list(self.missing),
            "note": question.noun.note,
            "source": {"rows": self.rows_behind, "query": query_path(question)},
        }


async def query(
    session: AsyncSession,
    noun: str,
    *,
    now: datetime,
    where: Mapping[str, Sequence[str]] | None = None,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    as_of: datetime | None = None,
    site_id: int | None = None,
) -> QueryResult:
    """The rows of `noun` that `where` names, grouped `by`, measured. `site_id`: no other site is looked at.

    Times without a zone are in each site's own. Raises NotFound, BadInput.
    """
    question = asked(noun, where=where, by=by, measures=measures, start=start, end=end, as_of=as_of)
    question = await _placed(session, question, site_id)
    question = await _zoned(session, question, site_id)
    statement = statement_of(question, site_id, now)
    question = await _windowed(session, question, statement)
    statement = statement_of(question, site_id, now)
    found = (await _in_time(session, statement.sql(MOST_ROWS + 1), statement)).mappings().all()
    rows = [{name: _cell(row[name]) for name in (*question.by, *question.measures)} for row in found[:MOST_ROWS]]
    behind = sum(int(row["rows_behind"]) for row in found[:MOST_ROWS])
    coverage = await coverage_of(session, question, statement)
    missing = _missing(question, len(found) > MOST_ROWS, behind)
    return QueryResult(question, rows, question.start, question.end, coverage, behind, missing)


async def _in_time(session: AsyncSession, sql: str, statement: Statement) -> Result[Any]:
    """Raises Unavailable for what takes longer than the store allows."""
    try:
        return await session.execute(text(sql), statement.values)
    except OperationalError as error:
        if isinstance(error.orig, QueryCanceled):
            raise Unavailable("The question takes too long.", remedy="Ask for a shorter window.") from error
        raise


async def _placed(session: AsyncSession, question: Asked, site_id: int | None) -> Asked:
    """Equipment by whatever people call it becomes its path. Raises NotFound, BadInput."""
    where = dict(question.where)
    for name, values in question.where.items():
        if question.dimensions[name].place:
            where[name] = tuple([(await find_equipment(session, value, site_id)).path for value in values])
    return replace(question, where=where)


async def _zoned(session: AsyncSession, question: Asked, site_id: int | None) -> Asked:
    """Times without a zone get the site's, when all the sites that are looked at have the same. Raises BadInput."""
    codes = list(question.where.get("site", ()))
    known = await session.execute(
        text(
            "SELECT DISTINCT time_zone FROM sites "
            "WHERE (CAST(:id AS int) IS NULL OR id = :id) AND (:all OR code = ANY(:codes))"
        ),
        {"id": site_id, "all": not codes, "codes": codes},
    )
    zones = [zone for (zone,) in known]
    if len(zones) != 1:
        if question.as_of and question.as_of.tzinfo is None and zones:
            raise BadInput(
                "The time as of which it is asked has no zone, and the sites have several.", remedy="Add +01:00 or Z."
            )
        return question
    zone = ZoneInfo(zones[0])
    start, end, then = (_in_zone(at, zone) for at in (question.start, question.end, question.as_of))
    return replace(question, start=start, end=end, as_of=then)


def _in_zone(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


async def _windowed(session: AsyncSession, question: Asked, statement: Statement) -> Asked:
    """Where no window was given: from the first to the last row."""
    if not question.noun.time or (question.start and question.end):
        return question
    found = (await _in_time(session, window_statement(statement), statement)).mappings().one()
    return replace(question, start=question.start or found["first"], end=question.end or found["last"])


def _missing(question: Asked, cut: bool, behind: int) -> tuple[str, ...]:
    missing = [f"only the first {MOST_ROWS:,} rows are shown"] if cut else []
    if not behind:
        missing.append("no rows in this window")
    joined = ", ".join(name for name in (*question.by, *question.where) if question.dimensions[name].join)
    untold = [name for name in question.measures if question.measure_sql(name) == UNTOLD]
    return (*missing, *(f"{name} cannot be told by {joined}" for name in untold))


def _about(question: Asked, name: str) -> dict[str, str]:
    one = question.noun.measures[name]
    return {"unit": one.unit, "definition": one.definition}


def query_path(question: Asked) -> str:
    """The address that asks the same again."""
    words: list[tuple[str, str]] = [("by", name) for name in question.by]
    words += [("measure", ",".join(question.measures))]
    words += [("where", f"{name}={value}") for name, values in question.where.items() for value in values]
    after, before = question.cut  # a window that was not asked for would leave out its own last row
    times = (("from", question.start if after else None), ("to", question.end if before else None))
    words += [(name, at.isoformat()) for name, at in (*times, ("as_of", question.as_of)) if at]
    return f"/api/v1/query/{question.noun.name}?{urlencode(words)}"


def _cell(value: Any) -> Cell:
    """A whole number as one, a time as ISO writes it."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else None if value is None else str(value)


def moment(name: str, said: str | None) -> datetime | None:
    """A time as people give it to a command: a day, or a day and time; with an offset, or in the site's zone."""
    if said is None:
        return None
    if not re.match(r"\d{4}-\d{2}-\d{2}", said.strip()):
        raise BadInput(f"{name} is {said!r}: expected a day such as 2018-11-30 or a time such as 2018-11-30T06:00.")
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        raise BadInput(f"{name} is {said!r}: there is no such time; expected such as 2018-11-30T06:00.") from None
    return at if isinstance(at, datetime) else datetime.combine(at, time(0))
