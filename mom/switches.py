"""Switches that people throw. `agents` off: no new model call and no action; reports and boards go on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.caller import Caller
from mom.events import emit
from mom.models import Switch

AGENTS = "agents"


async def is_on(session: AsyncSession, name: str = AGENTS) -> bool:
    """One primary-key look-up: cheap enough to ask before each model call and each action."""
    return not await session.scalar(select(Switch.off).where(Switch.name == name))


async def throw(session: AsyncSession, name: str, *, on: bool, caller: Caller, now: datetime) -> None:
    """Switch on or off, in the caller's transaction; managers only. The audit says who."""
    caller.need("manager")
    values = {"off": not on, "by": caller.actor, "at": now}
    row = insert(Switch).values(name=name, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    act = f"switch.{'on' if on else 'off'}"
    await emit(session, caller.site_id, act, f"switch:{name}", {"by": caller.name})
    await audit.append(session, site_id=caller.site_id, at=now, actor=caller.actor, act=act, subject=f"switch:{name}")
