"""Who I am, and what waits for me."""

from typing import Any

from fastapi import APIRouter

from api.door import CallerNow, StoreNow
from api.web.show import waiting_for

router = APIRouter(prefix="/api/v1")


@router.get("/me")
async def me(store: StoreNow, caller: CallerNow) -> dict[str, Any]:
    """The caller's name, roles and site, and how many proposals wait."""
    async with store.read() as session:
        waiting = await waiting_for(session, caller)
    return {"name": caller.name, "roles": sorted(caller.roles), "site_id": caller.site_id, "waiting": waiting}
