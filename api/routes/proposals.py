"""Proposals: what waits for a person, exactly the bytes they read, and their word on it."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.door import CallerNow, StoreNow
from api.numbers import Limit, RowId
from api.views.proposal import proposal_view
from api.web.show import frame, show
from mom import clock
from mom.models import Site
from mom.proposals.card import cards, full_card
from mom.proposals.decide import decide
from mom.proposals.edit import edit

router = APIRouter()


class Word(BaseModel):
    """`sha256`: of the document's bytes that the person read."""

    model_config = ConfigDict(extra="forbid")
    approve: bool
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    reason: str = ""


class Edited(BaseModel):
    """What a person wants otherwise in the payload; a new proposal with it replaces the old one."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    changes: dict[str, Any]
    reason: str = ""


@router.get("/api/v1/proposals")
async def list_proposals(
    store: StoreNow, caller: CallerNow, status: str | None = None, limit: Limit = 100
) -> list[dict[str, Any]]:
    """The plant's proposals, newest first."""
    async with store.read() as session:
        return await cards(session, caller, status, limit)


@router.get("/api/v1/proposals/{proposal_id}")
async def get_proposal(proposal_id: RowId, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """One proposal; `document` is exactly what is approved, `sha256` its hash."""
    async with store.read() as session:
        return await full_card(session, proposal_id, caller)


@router.post("/api/v1/proposals/{proposal_id}/decision")
async def decide_proposal(proposal_id: RowId, word: Word, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """Approve or reject; 409 when it is no longer what was shown."""
    async with store.write.begin() as session:
        await decide(
            session,
            proposal_id,
            approve=word.approve,
            sha256=word.sha256,
            caller=caller,
            reason=word.reason,
            now=clock.now(),
        )
    async with store.read() as session:
        return await full_card(session, proposal_id, caller)


@router.post("/api/v1/proposals/{proposal_id}/edit")
async def edit_proposal(proposal_id: RowId, edited: Edited, store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """A new proposal with the edited payload, in place of the old one; it waits for a decision of its own."""
    async with store.write.begin() as session:
        made = await edit(
            session, proposal_id, changes=edited.changes, reason=edited.reason, sha256=edited.sha256,
            caller=caller, now=clock.now(),
        )  # fmt: skip
        new_id = made.id
    async with store.read() as session:
        return await full_card(session, new_id, caller)


@router.get("/proposals", include_in_schema=False)
async def proposals_page(request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        zone, now = await _zone(session, caller.site_id), clock.now()
        all_cards = [await full_card(session, card["id"], caller) for card in await cards(session, caller, limit=60)]
        views = [proposal_view(card, caller, now, zone) for card in all_cards]
        around = await frame(session, caller)
    waiting = [view for view in views if view["status"] == "pending"]
    decided = [view for view in views if view["status"] != "pending"]
    return show(
        request, "proposals.html", page="proposals", waits=waiting, decided=decided, **(around | {"with_chat": True})
    )


@router.get("/proposals/{proposal_id}", include_in_schema=False)
async def proposal_page(proposal_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        view = await _view(session, proposal_id, caller)
        around = await frame(session, caller)
    return show(request, "proposal.html", page="proposals", p=view, **around)


@router.get("/parts/proposals/{proposal_id}", include_in_schema=False)
async def proposal_part(proposal_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> Response:
    async with store.read() as session:
        view = await _view(session, proposal_id, caller)
    return show(request, "parts/proposal.html", page="proposals", p=view)


@router.get("/proposals/{proposal_id}/edit", include_in_schema=False)
async def edit_page(proposal_id: RowId, request: Request, store: StoreNow, caller: CallerNow) -> HTMLResponse:
    async with store.read() as session:
        card = await full_card(session, proposal_id, caller)
        around = await frame(session, caller)
    fields = edit_fields(card["payload"])
    return show(request, "proposal_edit.html", page="proposals", card=card, fields=fields, **around)


def edit_fields(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """One form field a plain value; what is nested is edited as JSON."""
    kinds = {bool: "checkbox", int: "number", float: "number"}
    return [
        {
            "name": name,
            "value": value,
            "kind": kinds.get(type(value), "text" if value is None or isinstance(value, str) else "json"),
        }
        for name, value in payload.items()
    ]


async def _view(session: AsyncSession, proposal_id: int, caller: CallerNow) -> dict[str, Any]:
    card = await full_card(session, proposal_id, caller)
    return proposal_view(card, caller, clock.now(), await _zone(session, caller.site_id))


async def _zone(session: AsyncSession, site_id: int) -> ZoneInfo:
    site = await session.get(Site, site_id)
    return ZoneInfo(site.time_zone if site else "UTC")
