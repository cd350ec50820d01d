"""The rows behind a figure, and one row by its reference. One table here says what can be opened, and how it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, NotFound
from mom.store.equipment import find_equipment

MOST = 5000
"""Rows in one answer; `limit` may ask for fewer."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What can be opened. `by`: how it is found by equipment: its id, its path, or its tag's equipment."""

    name: str  # plural, as in /rows/stops
    ref: str  # singular, as in stop:12
    table: str
    columns: tuple[str, ...]
    start: str = "started_at"
    end: str | None = "ended_at"
    by: str = "equipment_id"
    current: str = "superseded_at IS NULL"


SPAN = ("started_at", "ended_at")
RECORDED = "upper_inf(recorded)"
NOUNS = {
    noun.name: noun
    for noun in (
        Noun("states", "state", "state_intervals", ("state", "detail", "mode", *SPAN)),
        Noun("stops", "stop", "stops", ("state", "reason", "reason_by", *SPAN)),
        Noun("alarms", "alarm", "alarms", ("code", "text", "stops", *SPAN)),
        Noun("runs", "run", "runs", ("order", "product", *SPAN)),
        Noun(
            "counts",
            "count",
            "counts",
            (*SPAN, "produced", "good", "scrap", "rework", "product", "order", "tool", "shift", "source", "key"),
            end=None,
            current="true",
        ),
        Noun(
            "losses",
            "loss",
            "losses",
            ("rule", "kind", "title", "reason", *SPAN, "seconds", "units", "money", "coverage", "status", "evidence"),
        ),
        Noun(
            "maintenance_orders",
            "maintenance_order",
            "maintenance_orders",
            ("key", "part", "kind", "title", "text", "status", "reported_at", *SPAN, "technician", "cost", "source"),
            start="coalesce(started_at, reported_at, planned_at)",
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "inspection_results",
            "inspection_result",
            "inspection_results",
            ("product", "lot", "characteristic", "value", "unit", "low", "high", "passed", "at", "source"),
            start="at",
            end=None,
            by="equipment",
            current=RECORDED,
        ),
        Noun("notes", "note", "notes", ("author", "crew", "text", "kind", "at"), "at", None, "equipment", RECORDED),
        Noun(
            "stock_moves",
            "stock_move",
            "stock_moves",
            ("lot", "material", "quantity", "order", "at", "source"),
            start="at",
            end=None,
            by="to_equipment",
            current=RECORDED,
        ),
        Noun("gaps", "gap", "gaps", ("connector", "reason", "detail", *SPAN), by="", current="true"),
        Noun(
            "counter_events",
            "counter_event",
            "counter_events",
            ("at", "kind", "before", "after", "bits"),
            start="at",
            end=None,
            by="tag_id",
            current="true",
        ),
    )
}
REFS = {noun.ref: noun for noun in NOUNS.values()}


async def rows(session: AsyncSession, noun: str, params: Mapping[str, str], site_id: int) -> list[dict[str, Any]]:
    """The rows of `noun` (`states`, `stops`, `counts`, `losses`, …) that `params` name: `equipment` (with what lies
    below it), `from`, `to`, `limit`. Raises NotFound (no such noun or equipment), BadInput."""
    known = NOUNS.get(noun)
    if known is None:
        raise NotFound(f"There are no rows called {noun!r}.", remedy=f"There are {', '.join(NOUNS)}.")
    where = ["r.site_id = :site", known.current]
    values: dict[str, Any] = {"site": site_id, "most": _limit(params)}
    if params.get("equipment") and known.by:
        node = await find_equipment(session, params["equipment"], site_id)
        where.append("(e.path = :path OR starts_with(e.path, :below))")
        values |= {"path": node.path, "below": node.path + "/"}
    if params.get("to"):
        where.append(f"{_own(known.start)} < :end")
        values["end"] = _moment(params, "to")
    if params.get("from"):
        lasts = f"(r.{known.end} IS NULL OR r.{known.end} > :start)" if known.end else f"{_own(known.start)} >= :start"
        where.append(lasts)
        values["start"] = _moment(params, "from")
    query = f"{_select(known)} WHERE {' AND '.join(where)} ORDER BY {_own(known.start)}, r.id LIMIT :most"
    return [_as_json(known, found) for found in (await session.execute(text(query), values)).all()]


async def row(session: AsyncSession, reference: str, site_id: int) -> dict[str, Any]:
    """The row that `stop:12` names, with `ref` and `noun`; also one that was superseded. Raises NotFound, BadInput."""
    noun, _, number = reference.partition(":")
    if noun not in REFS or not number.isdecimal() or len(number) > 18:
        raise BadInput(f"{reference!r} names no row.", remedy=f"Write one such as stop:12; known: {', '.join(REFS)}.")
    query = f"{_select(REFS[noun])} WHERE r.site_id = :site AND r.id = :id"
    found = (await session.execute(text(query), {"site": site_id, "id": int(number)})).first()
    if found is None:
        raise NotFound(f"There is no {noun} {number} here.")
    return _as_json(REFS[noun], found)


def _select(noun: Noun) -> str:
    columns = ", ".join(f'r."{name}"' for name in noun.columns)
    replaced = "r.superseded_at" if "superseded" in noun.current else "NULL"
    return f'SELECT r.id, e.path, {replaced}, {columns} FROM "{noun.table}" r {_join(noun)}'


def _join(noun: Noun) -> str:
    match noun.by:
        case "equipment_id":
            return "LEFT JOIN equipment e ON e.id = r.equipment_id"
        case "tag_id":
            return "LEFT JOIN tags t ON t.id = r.tag_id LEFT JOIN equipment e ON e.id = t.equipment_id"
        case "":
            return "LEFT JOIN equipment e ON false"
    return f'LEFT JOIN equipment e ON e.site_id = r.site_id AND e.path = r."{noun.by}"'


def _own(column: str) -> str:
    if column.startswith("coalesce("):
        names = column.removeprefix("coalesce(").removesuffix(")").split(", ")
        return f"coalesce({', '.join(f'r.{name}' for name in names)})"
    return f"r.{column}"


def _limit(params: Mapping[str, str]) -> int:
    given = params.get("limit") or str(MOST)
    if not given.isdecimal() or int(given[:9]) < 1:
        raise BadInput(f"limit is {given!r}: expected a number from 1 to {MOST}.")
    return min(int(given[:9]), MOST)


def _moment(params: Mapping[str, str], name: str) -> datetime:
    given = params[name].replace(" ", "+")  # a plus sign that a browser took for a space
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise BadInput(f"{name} is {params[name]!r}: expected a time such as 2026-03-27T06:00:00+01:00.") from error
    if moment.tzinfo is None:
        raise BadInput(f"{name} is {params[name]!r}: the time zone is missing.", remedy="Add +01:00 or Z.")
    return moment


def _as_json(noun: Noun, found: Any) -> dict[str, Any]:
    id, path, superseded, *values = found
    body = {name: _plain(value) for name, value in zip(noun.columns, values, strict=True)}
    more = {"superseded_at": superseded.isoformat()} if superseded else {}
    return {"ref": f"{noun.ref}:{id}", "noun": noun.name, "id": id, "equipment": path, **body, **more}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
