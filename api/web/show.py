"""Answer with a page: what every page needs is put in here, once."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.models import Proposal, Site

SUGGESTIONS = (
    "What is wrong right now?",
    "What cost us most this shift?",
    "Which orders are late or at risk?",
    "What is waiting for me?",
)


def show(request: Request, template: str, *, page: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render `template`. Pages of a signed-in person get `**await frame(…)` too."""
    frame_values = {
        "caller": None,
        "site_name": "",
        "zone_name": "UTC",
        "waiting": 0,
        "with_chat": False,
        "suggestions": SUGGESTIONS,
    }
    html = request.app.state.pages.get_template(template).render(frame_values | {"page": page} | values)
    return HTMLResponse(html, status)


async def frame(session: AsyncSession, caller: Caller) -> dict[str, Any]:
    """What stands around every page of a signed-in person."""
    site = await session.get(Site, caller.site_id)
    around = {"caller": caller, "waiting": await waiting_for(session, caller)}
    return around | ({"site_name": site.name, "zone_name": site.time_zone} if site else {})


async def waiting_for(session: AsyncSession, caller: Caller) -> int:
    """How many proposals of the plant wait for a decision."""
    query = select(func.count()).where(Proposal.site_id == caller.site_id, Proposal.status == "pending")
    return int(await session.scalar(query) or 0)
