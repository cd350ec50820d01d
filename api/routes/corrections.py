"""What people correct: of stops, of stretches of time, of counts. Made, listed, withdrawn; never deleted."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.door import CallerNow, StoreNow
from api.numbers import HIGHEST_ID, RowId
from api.times import in_zone
from mom import clock
from mom.caller import Caller
from mom.corrections.at_once import at_once
from mom.corrections.correct import correct, withdraw
from mom.corrections.given import Given
from mom.database.access import Store
from mom.facts import Window
from mom.store.corrections import as_json, correction_of, corrections_of
from mom.store.equipment import find_equipment, site_of

router = APIRouter(prefix="/api/v1/corrections")


class Wanted(BaseModel):
    """`reason` needs `stop` and `value.reason`; `time_class` needs equipment, from, to and `value.class`; `count`
    needs equipment, from, to and `value.good` or `value.scrap`, the pieces to add."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["reason", "time_class", "count"]
    value: dict[str, Any]
    why: str
    stop: int | None = Field(None, ge=1, le=HIGHEST_ID)
    equipment: str | None = None
    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")


class Withdrawn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    why: str


@router.get("")
async def corrections(
    store: StoreNow, caller: CallerNow, equipment: str | None = None,
    as_of: Annotated[datetime | None, Query()] = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Newest first, withdrawn ones too; `as_of`: those that were made by then."""
    async with store.read() as session:
        node = await find_equipment(session, equipment, caller.site_id) if equipment else None
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        then = in_zone(as_of, zone) if as_of else None
        found = await corrections_of(session, caller.site_id, node.path if node else None, as_of=then)
        return [as_json(*one) for one in found]


@router.post("", status_code=201)
async def make(store: StoreNow, caller: CallerNow, wanted: Wanted) -> dict[str, Any]:
    """What it touches is derived anew before the answer. A time without a zone is the plant's."""
    now = clock.now()
    async with store.write.begin() as session:
        zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
        times = (wanted.start, wanted.end)
        window = Window(in_zone(times[0], zone), in_zone(times[1], zone)) if times[0] and times[1] else None
        given = Given(wanted.kind, wanted.value, wanted.why, wanted.stop, wanted.equipment, window)
        made = await correct(session, given, caller, now)
    await at_once(store, now)
    return await _shown(store, caller, made.id)


@router.post("/{correction_id}/withdraw")
async def take_back(store: StoreNow, caller: CallerNow, correction_id: RowId, body: Withdrawn) -> dict[str, Any]:
    """What the machine said holds again."""
    now = clock.now()
    async with store.write.begin() as session:
        await withdraw(session, correction_id, body.why, caller, now)
    await at_once(store, now)
    return await _shown(store, caller, correction_id)


async def _shown(store: Store, caller: Caller, correction_id: int) -> dict[str, Any]:
    async with store.read() as session:
        return as_json(*await correction_of(session, caller.site_id, correction_id))
