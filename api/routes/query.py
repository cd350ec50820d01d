"""Asks the store by noun, as the command `query` does: what the answers to questions name as their source."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.door import CallerNow, StoreNow
from api.question import conditions, names
from mom import clock
from mom.store.query import moment, query

router = APIRouter(prefix="/api/v1")
Given = Annotated[list[str], Query(default_factory=list)]


@router.get("/query/{noun}")
async def ask_the_store(
    noun: str, store: StoreNow, caller: CallerNow, where: Given, by: Given, measure: Given,
    start: Annotated[str | None, Query(alias="from")] = None,
    end: Annotated[str | None, Query(alias="to")] = None, as_of: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`where=machine=NO.01`, `by=month`, `measure=good,scrap`; a time without a zone is the plant's."""
    async with store.read() as session:
        result = await query(
            session, noun, now=clock.now(), where=conditions("where", where), by=names(by), measures=names(measure),
            start=moment("from", start), end=moment("to", end), as_of=moment("as_of", as_of), site_id=caller.site_id,
        )  # fmt: skip
    return result.as_json()
