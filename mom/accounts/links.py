"""A link that signs a user in once: printed by the command, sent by letter, shown as a code."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.sessions import start_session
from mom.accounts.tokens import digest, new_token
from mom.models import SignInLink, User

LASTS = timedelta(hours=24)


async def make_link(session: AsyncSession, user: User, now: datetime, lasts: timedelta = LASTS) -> str:
    """The link's token, shown only here: `{base_url}/sign-in?token={token}`."""
    token = new_token()
    session.add(SignInLink(token_sha256=digest(token), user_id=user.id, created_at=now, expires_at=now + lasts))
    await session.flush()
    return token


async def use_link(session: AsyncSession, token: str, now: datetime) -> str | None:
    """The cookie of a new session, or None: unknown, used, too old, user disabled. Of two at once, one gets in."""
    used = update(SignInLink).where(
        SignInLink.token_sha256 == digest(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )
    user_id = await session.scalar(used.values(used_at=now).returning(SignInLink.user_id))
    user = await session.get(User, user_id) if user_id is not None else None
    if user is None or user.disabled_at is not None:
        return None
    return await start_session(session, user, now)
