"""Tell the system that owns such things what was done, in the transaction in which it is done."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import Action, Done
from mom.actions.setting import Setting
from mom.letters import write_webhook


async def tell(
    session: AsyncSession, setting: Setting, action: Action, done: Done, *, proposal_id: int, now: datetime
) -> int | None:
    """The id of the letter; None when nobody has to be told. Its key lets the receiver drop a repeat."""
    system = setting.system(action.tells) if action.tells else None
    if system is None or done.message is None:
        return None
    return await write_webhook(
        session,
        site_id=setting.site_id,
        key=f"proposal:{proposal_id}:{system.id}",
        to=f"system:{system.id}",
        kind=action.event,
        data=done.message,
        now=now,
    )
