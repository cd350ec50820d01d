"""The rows behind a figure, and one row by its reference. What can be opened stands in mom/store/openable.py."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, NotFound
from mom.store.equipment import find_equipment
from mom.store.openable import NOUNS, REFS, Noun

MOST = 5000
"""Rows in one answer; `limit` may ask for fewer."""


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
    if params.get("to") and known.start:
        where.append(f"{_own(known.start)} < :end")
        values["end"] = _moment(params, "to")
    if params.get("from") and known.start:
        lasts = f"(r.{known.end} IS NULL OR r.{known.end} > :start)" if known.end else f"{_own(known.start)} >= :start"
        where.append(lasts)
        values["start"] = _moment(params, "from")
    query = f"{_select(known)} WHERE {' AND '.join(where)} ORDER BY {_own(known.start or 'id')}, r.id LIMIT :most"
    return [_as_json(known, found) for found in (await session.execute(text(query), values)).all()]


async def row(session: AsyncSession, reference: str, site_id: int) -> dict[str, Any]:
    """The row that `stop:12` names, with `ref` and `noun`; also one that was superseded. Raises NotFound, BadInput."""
    noun, _, key = reference.partition(":")
    known = REFS.get(noun)
    if known is None or (known.key == "id" and (not key.isdecimal() or len(key) > 18)):
        raise BadInput(f"{reference!r} names no row.", remedy=f"Write one such as stop:12; known: {', '.join(REFS)}.")
    query = f"{_select(known)} WHERE r.site_id = :site AND r.{known.key} = :key"
    found = (
        await session.execute(text(query), {"site": site_id, "key": int(key) if known.key == "id" else key})
    ).first()
    if found is None:
        raise NotFound(f"There is no {noun} {key} here.")
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
    key = body[noun.key] if noun.key != "id" else id
    return {"ref": f"{noun.ref}:{key}", "noun": noun.name, "id": id, "equipment": path, **body, **more}


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # and with it a datetime
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
