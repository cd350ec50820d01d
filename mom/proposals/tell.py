"""Tell the system that owns such things what was done, in the transaction in which it is done."""

import json
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Action, Done
from mom.actions.setting import Setting
from mom.models import Letter


async def tell(
    session: AsyncSession, setting: Setting, action: Action, done: Done, *, proposal_id: int, now: datetime
) -> int | None:
    """The id of the letter; None when nobody has to be told. Its key lets the receiver drop a repeat."""
    system = setting.system(action.tells) if action.tells else None
    if system is None or done.message is None:
        return None
    body = {"type": action.event, "timestamp": now.isoformat(), "data": done.message}
    letter = Letter(
        site_id=setting.site_id,
        key=f"proposal:{proposal_id}:{system.id}",
        channel="webhook",
        to=f"system:{system.id}",
        subject=action.event,
        body=json.dumps(body),
        created_at=now,
        due_at=now,
    )
    session.add(letter)
    await session.flush()
    return letter.id
